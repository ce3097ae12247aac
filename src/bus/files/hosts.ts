/** Names of this machine. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Tells whether files may go to a URL and come from it: to this machine, and to hosts that are
 * named, with a port or with any.
 */
export function allowing(hosts: readonly string[]): (url: URL) => boolean {
  const allowed = new Set([...LOCAL, ...hosts].map((host) => host.toLowerCase()));
  return (url) => {
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return allowed.has(url.hostname) || allowed.has(`${url.hostname}:${port}`);
  };
}
