/*
 * Load on a Channel Access server with libca, as control systems make it. One command a line comes in,
 * one line of numbers goes out: seconds that it took, then what else the command tells.
 *
 *   connect COUNT             create channels and wait for all; closes those of before
 *   gets COUNT                one get after the other: seconds, p50 and p99 in microseconds
 *   pipelined COUNT           as many gets as libca takes
 *   puts COUNT                puts without completion, and one get behind them
 *   notifies COUNT            one put-notify after the other: seconds, p50, p99
 *   parallel ROUNDS           put-notifies on all channels at once, each round waited for
 *   monitor COUNT             monitors the first channels, waits for the first update of each
 *   updates SECONDS           counts updates for so long: seconds, updates
 *   burst ROUNDS              puts to all monitored channels, waits for their updates
 *   array ELEMENTS ROUNDS     gets of one array of doubles: seconds, bytes
 *   arraywrite ELEMENTS ROUNDS   put-notifies of it
 *   arraymonitor ELEMENTS ROUNDS puts of it, each waited for as an update
 *
 * libca calls back from its own threads; what they count is guarded by one lock.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libca.h"

static const double LONGEST = 120.0;

static const char *name_format;
static chid *channels;
static int channel_count;
/* Guarded by `lock`; `arrived` is signalled when nothing is awaited any more. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static long awaited;
static long updates;
static evid *monitors;
static int monitor_count;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "libca client: %s\n", what);
    exit(1);
}

static void check(const char *what, int status) {
    if (status == ECA_NORMAL) return;
    fprintf(stderr, "libca client: %s: %s\n", what, ca_message(status));
    exit(1);
}

static void *claim(size_t count, size_t size) {
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) fail("out of memory");
    return memory;
}

static void expect(long count) {
    pthread_mutex_lock(&lock);
    awaited = count;
    pthread_mutex_unlock(&lock);
}

/* Waits until nothing is awaited any more. */
static void await(const char *what) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += (time_t)LONGEST;
    check("flush", ca_flush_io());
    pthread_mutex_lock(&lock);
    while (awaited > 0) {
        if (pthread_cond_timedwait(&arrived, &lock, &deadline) == 0) continue;
        fprintf(stderr, "libca client: %s: %ld answers are missing\n", what, awaited);
        exit(1);
    }
    pthread_mutex_unlock(&lock);
}

static void arrive(int is_update) {
    pthread_mutex_lock(&lock);
    updates += is_update;
    if (--awaited == 0) pthread_cond_signal(&arrived);
    pthread_mutex_unlock(&lock);
}

static void on_connection(struct connection_handler_args args) {
    if (args.op == CA_OP_CONN_UP) arrive(0);
}

static void on_answer(struct event_handler_args args) {
    check("answer", args.status);
    arrive(0);
}

static void on_update(struct event_handler_args args) {
    check("update", args.status);
    arrive(1);
}

/* Ends `count` monitors and all channels. */
static void close_channels(void) {
    for (int i = 0; i < channel_count; i++) check("clear", ca_clear_channel(channels[i]));
    ca_flush_io();
    free(channels);
    free(monitors);
    channels = NULL;
    monitors = NULL;
    channel_count = monitor_count = 0;
}

static void connect_channels(int count) {
    char name[128];
    close_channels();
    channels = claim((size_t)count, sizeof *channels);
    channel_count = count;
    expect(count);
    const double began = now();
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, name_format, i);
        check("create", ca_create_channel(name, on_connection, NULL, 0, &channels[i]));
    }
    await("connect");
    printf("%.6f\n", now() - began);
}

static chid channel_of(long i) { return channels[i % channel_count]; }

static int ascending(const void *a, const void *b) {
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_latencies(double seconds, double *took, long count) {
    qsort(took, (size_t)count, sizeof *took, ascending);
    const double p50 = took[count / 2] * 1e6, p99 = took[count * 99 / 100] * 1e6;
    printf("%.6f %.1f %.1f\n", seconds, p50, p99);
    free(took);
}

static void gets(long count) {
    struct dbr_time_double value;
    double *took = claim((size_t)count, sizeof *took);
    const double began = now();
    for (long i = 0; i < count; i++) {
        const double start = now();
        check("get", ca_array_get(DBR_TIME_DOUBLE, 1, channel_of(i), &value));
        check("get", ca_pend_io(LONGEST));
        took[i] = now() - start;
    }
    print_latencies(now() - began, took, count);
}

static void pipelined_gets(long count) {
    expect(count);
    const double began = now();
    for (long i = 0; i < count; i++) {
        chid channel = channel_of(i);
        check("get", ca_array_get_callback(DBR_TIME_DOUBLE, 1, channel, on_answer, NULL));
    }
    await("pipelined gets");
    printf("%.6f\n", now() - began);
}

static void puts_only(long count) {
    struct dbr_time_double last;
    const double began = now();
    for (long i = 0; i < count; i++) {
        const double value = (double)i;
        check("put", ca_array_put(DBR_DOUBLE, 1, channel_of(i), &value));
    }
    check("get", ca_array_get(DBR_TIME_DOUBLE, 1, channel_of(0), &last));
    check("get", ca_pend_io(LONGEST));
    printf("%.6f\n", now() - began);
}

static void put_notify(long i, double value) {
    chid channel = channel_of(i);
    check("put", ca_array_put_callback(DBR_DOUBLE, 1, channel, &value, on_answer, NULL));
}

static void notifies(long count) {
    double *took = claim((size_t)count, sizeof *took);
    const double began = now();
    for (long i = 0; i < count; i++) {
        const double start = now();
        expect(1);
        put_notify(i, (double)i);
        await("put-notify");
        took[i] = now() - start;
    }
    print_latencies(now() - began, took, count);
}

static void parallel_notifies(long rounds) {
    const double began = now();
    for (long round = 0; round < rounds; round++) {
        expect(channel_count);
        for (long i = 0; i < channel_count; i++) put_notify(i, (double)(round + i));
        await("put-notifies");
    }
    printf("%.6f\n", now() - began);
}

static void subscribe(int count) {
    monitors = claim((size_t)count, sizeof *monitors);
    monitor_count = count;
    expect(count);
    const double began = now();
    for (int i = 0; i < count; i++) {
        const long mask = DBE_VALUE | DBE_ALARM;
        check("subscribe", ca_create_subscription(DBR_TIME_DOUBLE, 1, channels[i], mask,
                                                  on_update, NULL, &monitors[i]));
    }
    await("first updates");
    printf("%.6f\n", now() - began);
}

static void count_updates(double seconds) {
    const double began = now();
    const struct timespec pause = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    pthread_mutex_lock(&lock);
    const long before = updates;
    pthread_mutex_unlock(&lock);
    nanosleep(&pause, NULL);
    pthread_mutex_lock(&lock);
    const long seen = updates - before;
    pthread_mutex_unlock(&lock);
    printf("%.6f %ld\n", now() - began, seen);
}

static void bursts(long rounds) {
    const double began = now();
    for (long round = 0; round < rounds; round++) {
        expect(monitor_count);
        for (long i = 0; i < monitor_count; i++) {
            const double value = (double)(round * 7 + i + 1) + began;
            check("put", ca_array_put(DBR_DOUBLE, 1, channels[i], &value));
        }
        await("burst");
    }
    printf("%.6f\n", now() - began);
}

enum array_load { ARRAY_GET, ARRAY_PUT, ARRAY_MONITOR };

/* Gets, put-notifies or monitored puts of the channel that was connected alone. */
static void arrays(enum array_load load, unsigned long elements, long rounds) {
    double *values = claim(elements, sizeof *values);
    evid monitor = NULL;
    if (load == ARRAY_MONITOR) {
        expect(1);
        check("subscribe", ca_create_subscription(DBR_DOUBLE, elements, channels[0], DBE_VALUE,
                                                  on_update, NULL, &monitor));
        await("first update");
    }
    const double began = now();
    for (long round = 0; round < rounds; round++) {
        values[0] = began + (double)round;
        expect(1);
        if (load == ARRAY_GET) {
            check("get", ca_array_get(DBR_DOUBLE, elements, channels[0], values));
            check("get", ca_pend_io(LONGEST));
            continue;
        }
        if (load == ARRAY_PUT) {
            check("put", ca_array_put_callback(DBR_DOUBLE, elements, channels[0], values,
                                               on_answer, NULL));
        } else {
            check("put", ca_array_put(DBR_DOUBLE, elements, channels[0], values));
        }
        await("array");
    }
    printf("%.6f %.0f\n", now() - began, (double)elements * sizeof *values * (double)rounds);
    if (monitor != NULL) check("unsubscribe", ca_clear_subscription(monitor));
    free(values);
}

static void obey(const char *command, double first, double second) {
    const long count = (long)first;
    if (strcmp(command, "connect") == 0) connect_channels((int)count);
    else if (strcmp(command, "gets") == 0) gets(count);
    else if (strcmp(command, "pipelined") == 0) pipelined_gets(count);
    else if (strcmp(command, "puts") == 0) puts_only(count);
    else if (strcmp(command, "notifies") == 0) notifies(count);
    else if (strcmp(command, "parallel") == 0) parallel_notifies(count);
    else if (strcmp(command, "monitor") == 0) subscribe((int)count);
    else if (strcmp(command, "updates") == 0) count_updates(first);
    else if (strcmp(command, "burst") == 0) bursts(count);
    else if (strcmp(command, "array") == 0) arrays(ARRAY_GET, (unsigned long)first, (long)second);
    else if (strcmp(command, "arraywrite") == 0)
        arrays(ARRAY_PUT, (unsigned long)first, (long)second);
    else if (strcmp(command, "arraymonitor") == 0)
        arrays(ARRAY_MONITOR, (unsigned long)first, (long)second);
    else fail("no such command");
    fflush(stdout);
}

/* The format of PV names has one %d. */
int main(int argc, char **argv) {
    char line[256], command[32];
    if (argc != 2) fail("usage: client NAME-FORMAT");
    name_format = argv[1];
    check("context", ca_context_create(1));
    while (fgets(line, sizeof line, stdin) != NULL) {
        double first = 0, second = 0;
        if (sscanf(line, "%31s %lf %lf", command, &first, &second) >= 1) {
            obey(command, first, second);
        }
    }
    close_channels();
    return 0;
}
