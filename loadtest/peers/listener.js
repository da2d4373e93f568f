// What both servers have in common: PORT, REDIS (a port, or nothing), and CERTIFICATE and KEY for TLS.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const Redis = require('ioredis');

const { PORT, REDIS, CERTIFICATE, KEY } = process.env;

exports.server = CERTIFICATE
  ? https.createServer({
      cert: fs.readFileSync(CERTIFICATE),
      key: fs.readFileSync(KEY),
      minVersion: 'TLSv1.3',
    })
  : http.createServer();

exports.listen = () =>
  exports.server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 }, () =>
    console.log('listening'));

// A connection to Redis, or null where there is one node only.
exports.redis = () => (REDIS ? new Redis({ host: '127.0.0.1', port: Number(REDIS) }) : null);
