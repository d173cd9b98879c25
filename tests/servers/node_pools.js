// Loads each module named on standard input, one JSON object of environment and path a line, with pg's own Pool made to
// tell what it came to; prints one line of JSON for each.
const { createInterface } = require('node:readline');
const pg = require('pg');
const Parameters = require('pg/lib/connection-parameters');

let made = [];
pg.Pool = class extends pg.Pool {
  constructor(options) {
    super(options);
    const { host, port, database, user } = new Parameters(options || {});
    const { max, min, idleTimeoutMillis, connectionTimeoutMillis = 0 } = this.options;
    made.push({ max: Number(max), min: Number(min), idleTimeoutMillis: Number(idleTimeoutMillis),
      connectionTimeoutMillis: Number(connectionTimeoutMillis) || 0, host, port, database, user });
  }
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { env, path } = JSON.parse(line);
  const before = { ...process.env };
  Object.assign(process.env, env);
  made = [];
  try {
    require(path);
    console.log(JSON.stringify(made));
  } catch (error) {
    console.log(JSON.stringify(String(error)));
  }
  for (const name of Object.keys(env)) {
    if (name in before) process.env[name] = before[name]; else delete process.env[name];
  }
});
