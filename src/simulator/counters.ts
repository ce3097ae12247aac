/** What the simulator did since it started. */
export class Counters {
  /** Connections so far, and those that are open now. */
  connections = 0;
  open = 0;
  /** Notification handles in use now, of all clients. */
  notificationHandles = 0;
  requests = 0;
  /** Requests that came while the simulator was told not to answer. */
  unanswered = 0;
  cycles = 0;
  /** Notification samples and frames handed to sockets. */
  samples = 0;
  frames = 0;
  /** Batches of notifications that a slow client lost. */
  droppedBatches = 0;
}
