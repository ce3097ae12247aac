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
  /** A new connection ends those that its IP address had, as TwinCAT does. */
  onePerPeer: boolean;

  constructor(onePerPeer: boolean) {
    this.onePerPeer = onePerPeer;
  }
}
