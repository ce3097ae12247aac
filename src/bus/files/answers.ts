import type { IncomingMessage } from 'node:http';
import { IocError } from '../../kernel/index.ts';

/** How much of what a server says with an error is shown. */
const MOST_SHOWN = 300;

/** A refusal of a server. */
class StatusError extends IocError {
  readonly status: number;

  constructor(status: number, text: string) {
    super('files/status', text);
    this.status = status;
  }
}

/** Throws what a server says when it does not do what it was asked. */
export async function refuseFailure(response: IncomingMessage): Promise<void> {
  const { statusCode: status = 0, statusMessage = '' } = response;
  if (status >= 200 && status < 300) return;
  const said = await beginning(response);
  const name = `${status} ${statusMessage}`.trim();
  throw new StatusError(status, `the server says ${name}${said === '' ? '' : `: ${said}`}`);
}

/** What to do about a failure, as the end of its sentence; nothing where that is not known. */
export function advice(error: unknown): string {
  const todo = error instanceof StatusError ? ofStatus(error.status) : ofCode(error);
  return todo === undefined ? '' : `; ${todo}`;
}

/** A URL without its user and password. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function ofStatus(status: number): string | undefined {
  switch (status) {
    case 401:
    case 403:
      return 'check bus.files.token, or the certificate of bus.files.tls';
    case 404:
      return 'check the URL, and whether the file is still there';
    case 409:
      return 'a folder has this name there; choose another';
    case 413:
    case 507:
      return 'make room there';
    default:
      return undefined;
  }
}

function ofCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'check host and port, and whether the file service runs';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'check the name of the host';
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code)) {
    return 'check the certificates of bus.files.tls';
  }
  return undefined;
}

async function beginning(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) {
    text += piece;
    if (text.length > MOST_SHOWN) break;
  }
  const [, error] = /^\{"error":"(.*)"\}$/.exec(text) ?? [];
  return (error ?? text).slice(0, MOST_SHOWN).replace(/\s+/g, ' ').trim();
}
