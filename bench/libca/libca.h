/*
 * What bench/libca uses of libca's public interface. Debian's libca-dev brings no headers, so these
 * are declared here; the layouts are those of the library's ABI (4.13) on Linux.
 */
#ifndef TWINCAT_IOC_LIBCA_H
#define TWINCAT_IOC_LIBCA_H

typedef struct oldChannelNotify *chid;
typedef struct oldSubscription *evid;

/** What a get, put or monitor callback is called with. */
struct event_handler_args {
    void *usr;
    chid chid;
    long type;
    long count;
    const void *dbr;
    int status;
};

struct connection_handler_args {
    chid chid;
    long op;
};

typedef void event_callback(struct event_handler_args);
typedef void connection_callback(struct connection_handler_args);

enum { ECA_NORMAL = 1, CA_OP_CONN_UP = 6 };
enum { DBR_DOUBLE = 6, DBR_TIME_DOUBLE = 20 };
enum { DBE_VALUE = 1, DBE_ALARM = 4 };

/** Layout of DBR_TIME_DOUBLE. */
struct dbr_time_double {
    short status;
    short severity;
    unsigned seconds;
    unsigned nanoseconds;
    int pad;
    double value;
};

int ca_context_create(int preemptive);
int ca_create_channel(const char *name, connection_callback *, void *usr, unsigned priority,
                      chid *);
int ca_clear_channel(chid);
int ca_array_get(long type, unsigned long count, chid, void *value);
int ca_array_get_callback(long type, unsigned long count, chid, event_callback *, void *usr);
int ca_array_put(long type, unsigned long count, chid, const void *value);
int ca_array_put_callback(long type, unsigned long count, chid, const void *value,
                          event_callback *, void *usr);
int ca_create_subscription(long type, unsigned long count, chid, long mask, event_callback *,
                           void *usr, evid *);
int ca_clear_subscription(evid);
int ca_flush_io(void);
int ca_pend_io(double seconds);

const char *ca_message(long status);

#endif
