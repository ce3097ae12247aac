import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const files = ['ads-scan', 'records', 'calc', 'ca'];

/** What the rooms' own loops cost, without sockets: the benches that stand beside `main`. */
export async function loops(): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) lines.push(...(await output(file)));
  return lines;
}

function output(name: string): Promise<string[]> {
  const file = fileURLToPath(new URL(`../${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(text.trimEnd().split('\n'));
      else reject(new Error(`bench/${name}.ts ended with ${code}`));
    });
  });
}
