'use strict';

// Plays scenarios.js with the SDK in Node. Told by one argument, as JSON: { url, control, protocol: json | protobuf }.
// Posts what came of it to the control's /result.

const { protocol, url, control } = JSON.parse(process.argv[2]);
const { Centrifuge } = require(protocol === 'protobuf' ? 'centrifuge/build/protobuf' : 'centrifuge');
const WebSocket = require('ws');
const { worldOf } = require('./player.js');
const { play } = require('./scenarios.js');

const bytes = {
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (data) => (data && data.length > 0 ? JSON.parse(new TextDecoder().decode(data)) : undefined),
};
const values = { encode: (value) => value, decode: (data) => data };

const world = worldOf({
  control,
  client: (options) => new Centrifuge(url, { websocket: WebSocket, ...options }),
  ...(protocol === 'protobuf' ? bytes : values),
});

play(world)
  .then((results) => world.control('/result', { results }))
  .then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
  });
