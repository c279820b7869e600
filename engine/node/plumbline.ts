#!/usr/bin/env node
import { plumbline } from './commands/command-line';

process.exitCode = await plumbline(process.argv.slice(2));
