'use strict';

// One client of the SDK under test, and what it was told; with what all scenarios need.

const PATIENCE_MS = 30000;

function check(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}

function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${what}: ${a} (expected: ${b})`);
}

async function until(what, condition) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    check(performance.now() < deadline, 'not in time: ' + what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Asks until the answer is `expected`, one call after the other; a failure is no answer.
async function untilSaid(what, ask, expected) {
  const deadline = performance.now() + PATIENCE_MS;
  for (let answer; answer !== expected;) {
    check(performance.now() < deadline, `not in time: ${what}, at last ${answer}`);
    answer = await ask().catch(String);
  }
}

async function refused(call) {
  try {
    await call;
  } catch (error) {
    return error.code;
  }
  throw new Error('not refused');
}

class Player {
  constructor(world, user, token, options) {
    this.world = world;
    this.user = user;
    this.seen = { connected: [], disconnected: [], connecting: [], messages: [], server: [] };
    this.client = world.client({
      token,
      minReconnectDelay: 20,
      maxReconnectDelay: 300,
      ...options,
    });
    this.client.on('connected', (ctx) => this.seen.connected.push(ctx));
    this.client.on('connecting', (ctx) => this.seen.connecting.push(ctx.code));
    this.client.on('disconnected', (ctx) => this.seen.disconnected.push(ctx.code));
    this.client.on('message', (ctx) => this.seen.messages.push(world.decode(ctx.data)));
    for (const event of ['subscribed', 'unsubscribed', 'publication', 'join', 'leave']) {
      this.client.on(event, (ctx) => this.seen.server.push({ event, ...ctx }));
    }
    this.client.connect();
  }

  static async open(world, user, claims = {}, options = {}) {
    const token = await world.token({ sub: user, ...claims });
    const player = new Player(world, user, token, options);
    await player.client.ready(PATIENCE_MS);
    return player;
  }

  async subscribe(channel, options = {}) {
    const subscription = this.client.newSubscription(channel, {
      minResubscribeDelay: 20, maxResubscribeDelay: 200, ...options,
    });
    const seen = { data: [], offsets: [], joins: [], leaves: [], subscribed: [], unsubscribed: [], subscribing: [], errors: [] };
    subscription.on('publication', (ctx) => {
      seen.data.push(this.world.decode(ctx.data));
      seen.offsets.push(ctx.offset);
      seen.last = ctx;
    });
    subscription.on('join', ({ info }) => seen.joins.push(info.user));
    subscription.on('leave', ({ info }) => seen.leaves.push(info.user));
    subscription.on('subscribed', (ctx) => seen.subscribed.push(ctx));
    subscription.on('subscribing', (ctx) => seen.subscribing.push(ctx.code));
    subscription.on('unsubscribed', (ctx) => seen.unsubscribed.push(ctx.code));
    subscription.on('error', (ctx) => seen.errors.push(ctx.error.code));
    subscription.seen = seen;
    subscription.subscribe();
    if (!options.expectRefusal) {
      await subscription.ready(PATIENCE_MS);
    }
    return subscription;
  }

  serverEvents(event, channel) {
    return this.seen.server.filter((one) => one.event === event && one.channel === channel);
  }

  close() {
    this.client.disconnect();
  }
}

function upTo(last) {
  return Array.from({ length: last }, (_, i) => i + 1);
}

// By the server API, as a service with a retry: the same key until a node says that it has it.
async function publishAll(world, channel, from, to) {
  for (let n = from; n <= to; n++) {
    await world.api('publish', { channel, data: { n }, idempotency_key: channel + n });
  }
}

// The world of both runners, over the test's HTTP.
function worldOf({ control, client, encode, decode }) {
  let count = 0;
  const post = async (path, body) => {
    const response = await fetch(control + path, { method: 'POST', body: JSON.stringify(body) });
    check(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
    return response.json();
  };
  return {
    client,
    encode,
    decode,
    control: post,
    channel: (name) => `${name}-${++count}`,
    token: async (claims) => (await post('/token', claims)).token,
    api: (method, params) => post('/api/' + method, params),
  };
}

if (typeof module !== 'undefined') {
  module.exports = { PATIENCE_MS, check, same, until, untilSaid, refused, Player, upTo, publishAll, worldOf };
}
