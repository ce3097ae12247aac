#!/usr/bin/env node
import { program } from './cli/index.ts';

await program().parseAsync();
