const { Pool } = require('pg');

const all = {
  port: 5432,
  database: 'market',
  user: 'api',
  password: process.env.API_PASSWORD,
  ssl: { ca: process.env.OUR_CA },
  idleTimeoutMillis: 30000,
  connectionTimeoutMillis: 2000,
};

exports.orders = new Pool({ ...all, host: 'pg-primary.internal', max: 10 });
exports.reports = new Pool({ ...all, host: 'pg-replica.internal', max: 5 });
