// The server that one writes with Socket.IO: channels are rooms, nodes meet on Redis.
'use strict';
const { Server } = require('socket.io');
const { createAdapter } = require('@socket.io/redis-adapter');
const { server, listen, redis } = require('./listener');

const publisher = redis();
const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  ...(publisher && { adapter: createAdapter(publisher, redis()) }),
});

io.on('connection', (socket) => {
  socket.on('sub', async (channel, done) => {
    await socket.join(channel);
    done();
  });
  socket.on('pub', (channel, data, done) => {
    io.to(channel).emit('m', data);
    done();
  });
});
listen();
