#!/usr/bin/env node
import { program } from './cli/index.ts';

const root = await program(process.argv.slice(2));
await root.parseAsync();
