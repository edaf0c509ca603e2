// Prints what AsyncAPI's own parser has to say of a document, one line each; exits 1 on an error.
// Usage: node validate-asyncapi.cjs DIRECTORY_OF_NODE_MODULES DOCUMENT
const path = require('node:path');
const { createRequire } = require('node:module');

const [modules, document] = process.argv.slice(2);
const { Parser, fromFile } = createRequire(path.resolve(modules, 'x'))('@asyncapi/parser');

fromFile(new Parser(), path.resolve(document))
  .parse()
  .then(({ document: parsed, diagnostics }) => {
    for (const { code, path: at, message } of diagnostics) {
      console.log(`${code} at ${at.join('/')}: ${message}`);
    }
    const channels = parsed ? parsed.channels().all().map((channel) => channel.address()) : [];
    console.log(`channels: ${channels.sort().join(' ')}`);
    process.exitCode = diagnostics.some(({ severity }) => severity === 0) || !parsed ? 1 : 0;
  })
  .catch((failure) => {
    console.log(String(failure));
    process.exitCode = 1;
  });
