/** What is wrong between the plant and its clients; everything is well at first. */
export class Disturbance {
  /** Nothing is answered or sent. */
  silent = false;
  /** Nothing is sent, but requests are answered. */
  muted = false;
  /** Time from a request to its answer. */
  delayMs = 0;
  /** AMS error of every answer, 0 for none. */
  routerError = 0;
  /** Samples of each value beside the due one, in each cycle. */
  flood = 0;
  /** Most notifications of each served address before 0x716, and most bytes of one before 0x717. */
  maxNotifications: number;
  maxWatched = Number.POSITIVE_INFINITY;
  /** A new connection ends those that its IP address had, as TwinCAT does. */
  onePerPeer: boolean;

  constructor(onePerPeer: boolean, maxNotifications: number) {
    this.onePerPeer = onePerPeer;
    this.maxNotifications = maxNotifications;
  }
}
