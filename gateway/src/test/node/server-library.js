'use strict';

// A server library that others wrote, as it is, for every method that it has. Told by one argument, as JSON:
// url, token (of the user ann), api, apiKey. Ends with 0 where all holds.

const assert = require('node:assert/strict');
const { CentClient } = require('cent.js');
const { Centrifuge } = require('centrifuge');
const WebSocket = require('ws');

const { url, token, api, apiKey } = JSON.parse(process.argv[2]);
const PATIENCE_MS = 30000;

async function until(what, condition) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'not in time: ' + what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function main() {
  const cent = new CentClient({ url: api, apiKey });
  const client = new Centrifuge(url, { token, websocket: WebSocket, minReconnectDelay: 20 });
  const seen = [];
  client.on('publication', ({ channel, data }) => seen.push([channel, data.n]));
  client.on('subscribed', ({ channel }) => seen.push([channel, 'subscribed']));
  client.on('unsubscribed', ({ channel }) => seen.push([channel, 'unsubscribed']));
  client.on('disconnected', ({ code }) => seen.push(['disconnected', code]));
  client.connect();
  await client.ready(PATIENCE_MS);

  await cent.subscribe({ user: 'ann', channel: 'lib' });
  await until('subscribed', () => seen.length === 1);
  const first = await cent.publish({ channel: 'lib', data: { n: 1 }, tags: { kind: 'x' } });
  assert.equal(first.offset, 1);
  assert.ok(first.epoch);
  const { responses } = await cent.broadcast({ channels: ['lib', 'other'], data: { n: 2 } });
  assert.deepEqual(responses.map(({ result }) => result.offset), [2, 1]);
  await until('two', () => seen.length === 3);
  assert.deepEqual(seen, [['lib', 'subscribed'], ['lib', 1], ['lib', 2]]);

  const { presence } = await cent.getPresence({ channel: 'lib' });
  assert.deepEqual(Object.values(presence).map(({ user }) => user), ['ann']);
  assert.deepEqual(await cent.getPresenceStats({ channel: 'lib' }), { num_clients: 1, num_users: 1 });
  const history = await cent.getHistory({ channel: 'lib', limit: 10 });
  assert.deepEqual(history.publications.map(({ data }) => data.n), [1, 2]);
  assert.deepEqual(history.publications[0].tags, { kind: 'x' });
  assert.equal(history.offset, 2);
  const { channels } = await cent.getChannels({ pattern: 'li*' });
  assert.deepEqual(channels, { lib: { num_clients: 1 } });
  const { nodes } = await cent.getInfo();
  assert.equal(nodes.length, 1);
  assert.equal(nodes[0].num_clients, 1);

  await cent.removeHistory({ channel: 'lib' });
  const removed = await cent.getHistory({ channel: 'lib', limit: 10 });
  assert.deepEqual(removed.publications ?? [], []);
  assert.equal(removed.offset, 2);

  await cent.refresh({ user: 'ann' });
  await cent.unsubscribe({ user: 'ann', channel: 'lib' });
  await until('unsubscribed', () => seen.length === 4);
  await cent.disconnect({ user: 'ann' });
  await until('disconnected', () => seen.length === 5);
  assert.deepEqual(seen.slice(3), [['lib', 'unsubscribed'], ['disconnected', 3503]]);

  await assert.rejects(cent.publish({ channel: 'unknown:x', data: {} }));
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
