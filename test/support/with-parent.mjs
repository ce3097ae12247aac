// Loaded into processes that tests start: they end when the test that started them was killed.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
