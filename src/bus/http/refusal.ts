/** A request that is answered with an error; the text is for the client. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.name = 'HttpRefusal';
    this.status = status;
    this.headers = headers;
  }
}
