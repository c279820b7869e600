// Stands where Electron's own default app stands: loads `-r` modules, then the app named on the command line.
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');

const args = process.argv.slice(1);
let target;
for (let i = 0; i < args.length && target === undefined; i++) {
  if (args[i] === '-r' || args[i] === '--require') Module._load(path.resolve(args[++i]), module, false);
  else if (!args[i].startsWith('-')) target = path.resolve(args[i]);
}
if (target === undefined) {
  console.error('usage: electron [-r module] <app folder>');
  process.exit(1);
}
const manifest = JSON.parse(fs.readFileSync(path.join(target, 'package.json'), 'utf8'));
app.setAppPath(target);
app.name = manifest.productName ?? manifest.name;
app.setVersion(manifest.version);
// Loaded synchronously: the app registers its schemes before `ready`.
Module._load(path.join(target, manifest.main), module, true);
