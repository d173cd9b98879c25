const express = require('express');
const { orders, reports } = require('./pools');

const app = express();
app.get('/orders', async (request, response) => {
  response.json((await orders.query('SELECT * FROM orders')).rows);
});
app.get('/reports', async (request, response) => {
  response.json((await reports.query('SELECT * FROM sales')).rows);
});
app.listen(3000);
