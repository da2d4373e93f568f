'use strict';

// The public SDK against two nodes. Told by one argument, as JSON:
//   nodes: [{ url, pid, api }, ...]   the first is killed by this script
//   tokens: { ann, bob }   apiKey
// Ends with 0 where all holds.

const assert = require('node:assert/strict');
const { Centrifuge } = require('centrifuge');
const WebSocket = require('ws');

const { nodes, tokens, apiKey } = JSON.parse(process.argv[2]);
const CHANNEL = 'sdk';
const PATIENCE_MS = 30000;

// What a load balancer does: a new connection goes to a node that lives.
let doomedLives = true;
const hosts = { ann: () => nodes[doomedLives ? 0 : 1].url, bob: () => nodes[1].url };

function open(user) {
  class Balanced extends WebSocket {
    constructor(url, protocols) {
      super(hosts[user](), protocols);
    }
  }
  const client = new Centrifuge('ws://balancer/connection/websocket', {
    token: tokens[user],
    websocket: Balanced,
    minReconnectDelay: 50,
    maxReconnectDelay: 500,
  });
  const seen = { numbers: [], joins: [], leaves: [], subscribed: [] };
  const subscription = client.newSubscription(CHANNEL, {
    recoverable: true, positioned: true, joinLeave: true,
  });
  subscription.on('publication', ({ data }) => seen.numbers.push(data.n));
  subscription.on('join', ({ info }) => seen.joins.push(info.user));
  subscription.on('leave', ({ info }) => seen.leaves.push(info.user));
  subscription.on('subscribed', (context) => seen.subscribed.push(context));
  subscription.subscribe();
  client.connect();
  return { client, subscription, seen };
}

async function until(what, condition) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'not in time: ' + what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function upTo(last) {
  return Array.from({ length: last }, (_, i) => i + 1);
}

async function allSee(clients, last) {
  for (const { seen } of clients) {
    await until('number ' + last, () => seen.numbers.includes(last));
    assert.deepEqual(seen.numbers, upTo(last));
  }
}

// A service with a retry: the same key, until a node says that it has it.
async function publishByApi(node, n) {
  const body = JSON.stringify({ channel: CHANNEL, data: { n }, idempotency_key: 'n' + n });
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(node.api + '/publish', {
      method: 'POST', headers: { 'X-API-Key': apiKey }, body,
    });
    if (response.ok && (await response.json()).result) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('not acknowledged: ' + n);
}

async function whoIsThere({ subscription }) {
  const { clients } = await subscription.presence();
  const stats = await subscription.presenceStats();
  const users = Object.values(clients).map((info) => info.user).sort();
  assert.equal(stats.numClients, users.length);
  return users;
}

async function main() {
  const bob = open('bob');
  await bob.subscription.ready(PATIENCE_MS);
  const ann = open('ann');
  await ann.subscription.ready(PATIENCE_MS);

  await until('join of ann', () => bob.seen.joins.includes('ann'));
  for (const one of [ann, bob]) {
    assert.deepEqual(await whoIsThere(one), ['ann', 'bob']);
  }
  console.log('presence and joins: good');

  for (let n = 1; n <= 1000; n += 100) { // Fewer than may be under way at once.
    await Promise.all(upTo(100).map((i) => ann.subscription.publish({ n: n + i - 1 })));
  }
  await allSee([ann, bob], 1000);
  console.log('1000 publications of a client: good');

  const history = await bob.subscription.history({ limit: -1 });
  assert.deepEqual(history.publications.map(({ data }) => data.n), upTo(1000));
  const since = { offset: 990, epoch: history.epoch };
  const page = await ann.subscription.history({ limit: 5, since });
  assert.deepEqual(page.publications.map(({ offset }) => offset), [991, 992, 993, 994, 995]);
  console.log('history: good');

  doomedLives = false;
  process.kill(nodes[0].pid, 'SIGKILL');
  for (let n = 1001; n <= 1200; n++) {
    await publishByApi(nodes[1], n);
  }
  await allSee([ann, bob], 1200);
  assert.equal(ann.seen.subscribed.length, 2);
  assert.equal(ann.seen.subscribed[1].wasRecovering, true);
  assert.equal(ann.seen.subscribed[1].recovered, true);
  await until('leave of the dead node\'s ann', () => bob.seen.leaves.length > 0);
  assert.deepEqual(bob.seen.leaves, ['ann']);
  assert.deepEqual(await whoIsThere(bob), ['ann', 'bob']);
  console.log('recovery on the other node: good');

  ann.client.disconnect();
  await until('leave of ann', () => bob.seen.leaves.length === 2);
  assert.deepEqual(await whoIsThere(bob), ['bob']);
  bob.client.disconnect();
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
