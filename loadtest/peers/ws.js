// The server that one writes with npm's ws: channels are sets of sockets, nodes meet on Redis.
// The path says what a connection subscribes to and where it publishes: /SUBSCRIBED/PUBLISHED.
'use strict';
const { WebSocketServer } = require('ws');
const { server, listen, redis } = require('./listener');

const channels = new Map();
const publisher = redis();
const subscriber = redis();

// As ws's own example of a broadcast does it: the bytes that came, not a string to encode for each socket.
function broadcast(channel, data) {
  for (const socket of channels.get(channel) ?? []) {
    socket.send(data, { binary: false });
  }
}

function publish(channel, data) {
  if (publisher) {
    publisher.publish(channel, data);
  } else {
    broadcast(channel, data);
  }
}

function join(channel, socket) {
  let members = channels.get(channel);
  if (!members) {
    channels.set(channel, (members = new Set()));
    subscriber?.subscribe(channel);
  }
  members.add(socket);
}

function leave(channel, socket) {
  const members = channels.get(channel);
  members.delete(socket);
  if (members.size === 0) {
    channels.delete(channel);
    subscriber?.unsubscribe(channel);
  }
}

subscriber?.on('messageBuffer', (channel, data) => broadcast(channel.toString(), data));
new WebSocketServer({ server }).on('connection', (socket, request) => {
  const [, from, to] = request.url.split('/');
  if (from !== '-') {
    join(from, socket);
    socket.on('close', () => leave(from, socket));
  }
  socket.on('error', () => socket.terminate());
  socket.on('message', (data) => publish(to, data));
});
listen();
