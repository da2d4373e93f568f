'use strict';

// What every SDK is asked to do, for the JavaScript one in Node and in a browser. Each scenario opens its own clients
// and fails by throwing. `world` tells how: see matrix.js and matrix.html.
//
//   world.client(options)      a client of the SDK under test, not connected
//   world.encode, world.decode what an application's value is to this SDK: itself with JSON, bytes with Protobuf
//   world.control(path, body)  asks the test: /token /api/METHOD /sent /codes /cut /kill

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

const SCENARIOS = {
  async 'connect with a token'(world) {
    const ann = await Player.open(world, 'ann');
    check(ann.seen.connected[0].client, 'no client id');
    ann.close();
  },

  async 'connect with a bad token is final'(world) {
    const ann = new Player(world, 'ann', 'no.such.token');
    await until('the end', () => ann.seen.disconnected.length > 0);
    same(ann.seen.disconnected, [3500], 'code');
  },

  async 'an expired token is replaced by the application'(world) {
    const expired = await world.token({ sub: 'ann', exp: 1 });
    const ann = new Player(world, 'ann', expired, { getToken: () => world.token({ sub: 'ann' }) });
    await ann.client.ready(PATIENCE_MS);
    ann.close();
  },

  async 'refresh keeps the connection'(world) {
    let fetched = 0;
    const getToken = () => {
      fetched++;
      return world.token({ sub: 'ann', ttl: fetched > 1 ? 600 : 2 });
    };
    const ann = new Player(world, 'ann', '', { getToken });
    await until('the second token', () => fetched > 1);
    const echo = await ann.client.rpc('echo', world.encode({ n: 1 }));
    same(world.decode(echo.data), { n: 1 }, 'after the refresh');
    same(ann.seen.connected.length, 1, 'connections');
    ann.close();
  },

  async 'publish and receive'(world) {
    const channel = world.channel('news');
    const [ann, bob] = [await Player.open(world, 'ann', { info: { name: 'Ann' } }), await Player.open(world, 'bob')];
    const [a, b] = [await ann.subscribe(channel), await bob.subscribe(channel)];
    for (let n = 1; n <= 200; n++) {
      await a.publish(world.encode({ n }));
    }
    for (const subscription of [a, b]) {
      await until('200', () => subscription.seen.data.length >= 200);
      same(subscription.seen.data.map(({ n }) => n), upTo(200), 'numbers');
      same(subscription.seen.offsets, upTo(200), 'offsets');
    }
    same(b.seen.last.info.user, 'ann', 'publisher');
    same(world.decode(b.seen.last.info.connInfo), { name: 'Ann' }, 'its info');
    ann.close();
    bob.close();
  },

  async 'a publication of the server API has tags'(world) {
    const channel = world.channel('tags');
    const ann = await Player.open(world, 'ann');
    const subscription = await ann.subscribe(channel);
    await world.api('publish', { channel, data: { text: 'grüße 🌊' }, tags: { kind: 'greeting' } });
    await until('it', () => subscription.seen.data.length === 1);
    same(subscription.seen.data, [{ text: 'grüße 🌊' }], 'data');
    same(subscription.seen.last.tags, { kind: 'greeting' }, 'tags');
    ann.close();
  },

  async 'what is not allowed is refused'(world) {
    const ann = await Player.open(world, 'ann');
    same(await refused(ann.client.publish('closed:x', world.encode(1))), 103, 'publish');
    same(await refused(ann.client.history('closed:x', { limit: 1 })), 103, 'history');
    same(await refused(ann.client.presence('nowhere:x')), 102, 'unknown namespace');
    same(await refused(ann.client.rpc('no.such', world.encode(1))), 104, 'rpc');
    const closed = await ann.subscribe('closed:x', { expectRefusal: true });
    await until('the refusal', () => closed.seen.unsubscribed.length === 1);
    same(closed.seen.unsubscribed, [103], 'subscribe');
    ann.close();
  },

  async 'history'(world) {
    const channel = world.channel('history');
    await publishAll(world, channel, 1, 20);
    const ann = await Player.open(world, 'ann');
    const subscription = await ann.subscribe(channel);
    const all = await subscription.history({ limit: -1 });
    same(all.publications.map(({ data }) => world.decode(data).n), upTo(20), 'all');
    same(all.offset, 20, 'offset');
    const page = await subscription.history({ limit: 3, since: { offset: 5, epoch: all.epoch } });
    same(page.publications.map(({ offset }) => offset), [6, 7, 8], 'page');
    const back = await subscription.history({ limit: 2, reverse: true });
    same(back.publications.map(({ offset }) => offset), [20, 19], 'reverse');
    same(await refused(subscription.history({ limit: 1, since: { offset: 5, epoch: 'other' } })), 112, 'epoch');
    ann.close();
  },

  async 'presence'(world) {
    const channel = world.channel('presence');
    const [ann, bob] = [await Player.open(world, 'ann'), await Player.open(world, 'bob')];
    const subscription = await ann.subscribe(channel);
    await bob.subscribe(channel);
    const { clients } = await subscription.presence();
    same(Object.values(clients).map(({ user }) => user).sort(), ['ann', 'bob'], 'users');
    const stats = await subscription.presenceStats();
    same([stats.numClients, stats.numUsers], [2, 2], 'stats');
    ann.close();
    bob.close();
  },

  async 'joins and leaves'(world) {
    const channel = world.channel('joins');
    const bob = await Player.open(world, 'bob');
    const subscription = await bob.subscribe(channel, { joinLeave: true });
    const ann = await Player.open(world, 'ann');
    await ann.subscribe(channel);
    await until('join', () => subscription.seen.joins.includes('ann'));
    ann.close();
    await until('leave', () => subscription.seen.leaves.includes('ann'));
    bob.close();
  },

  async 'unsubscribe'(world) {
    const channel = world.channel('unsubscribe');
    const [ann, bob] = [await Player.open(world, 'ann'), await Player.open(world, 'bob')];
    const [a, b] = [await ann.subscribe(channel), await bob.subscribe(channel)];
    a.unsubscribe();
    await until('it is gone', () => a.seen.unsubscribed.length === 1);
    await b.publish(world.encode({ n: 1 }));
    await until('it', () => b.seen.data.length === 1);
    same(a.seen.data, [], 'after the end');
    a.subscribe();
    await a.ready(PATIENCE_MS);
    ann.close();
    bob.close();
  },

  async 'a private channel needs a token of its own'(world) {
    const channel = world.channel('$secret');
    const ann = await Player.open(world, 'ann');
    const without = await ann.subscribe(channel, { expectRefusal: true });
    await until('the refusal', () => without.seen.unsubscribed.length === 1);
    same(without.seen.unsubscribed, [103], 'without');
    ann.client.removeSubscription(without);
    const getToken = () => world.subscriptionToken({ sub: 'ann', channel });
    const granted = await ann.subscribe(channel, { getToken });
    await world.api('publish', { channel, data: { n: 1 } });
    await until('it', () => granted.seen.data.length === 1);
    ann.close();
  },

  async 'a subscription is refreshed'(world) {
    const channel = world.channel('$refreshed');
    const ann = await Player.open(world, 'ann');
    let fetched = 0;
    const getToken = () => {
      fetched++;
      return world.subscriptionToken({ sub: 'ann', channel, ttl: fetched > 1 ? 600 : 2 });
    };
    const subscription = await ann.subscribe(channel, { getToken });
    await until('the second token', () => fetched > 1);
    await world.api('publish', { channel, data: { n: 1 } });
    await until('it', () => subscription.seen.data.length === 1);
    same(subscription.seen.subscribed.length, 1, 'subscriptions');
    ann.close();
  },

  async 'server-side subscriptions of the token'(world) {
    const channel = world.channel('granted');
    const subs = { [channel]: { data: { color: 'blue' } } };
    const ann = await Player.open(world, 'ann', { subs });
    await until('subscribed', () => ann.serverEvents('subscribed', channel).length === 1);
    same(world.decode(ann.serverEvents('subscribed', channel)[0].data), { color: 'blue' }, 'data');
    await world.api('publish', { channel, data: { n: 1 } });
    await until('it', () => ann.serverEvents('publication', channel).length === 1);
    same(world.decode(ann.serverEvents('publication', channel)[0].data), { n: 1 }, 'publication');
    ann.close();
  },

  async 'the server subscribes and unsubscribes'(world) {
    const channel = world.channel('pushed');
    const user = world.channel('user');
    const ann = await Player.open(world, user);
    await world.api('subscribe', { user, channel, data: { n: 0 } });
    await until('subscribed', () => ann.serverEvents('subscribed', channel).length === 1);
    same(world.decode(ann.serverEvents('subscribed', channel)[0].data), { n: 0 }, 'data');
    await world.api('publish', { channel, data: { n: 1 } });
    await until('it', () => ann.serverEvents('publication', channel).length === 1);
    await world.api('unsubscribe', { user, channel });
    await until('unsubscribed', () => ann.serverEvents('unsubscribed', channel).length === 1);
    const own = await ann.subscribe(channel);
    await world.api('unsubscribe', { user, channel });
    await until('the end of its own', () => own.seen.unsubscribed.length === 1);
    same(own.seen.unsubscribed, [2000], 'code');
    ann.close();
  },

  async 'messages to a user'(world) {
    const user = world.channel('user');
    const ann = await Player.open(world, user);
    await world.api('send', { user, data: { hello: 'ann' } });
    await until('it', () => ann.seen.messages.length === 1);
    same(ann.seen.messages, [{ hello: 'ann' }], 'message');
    ann.close();
  },

  async 'rpc and send reach a service'(world) {
    const ann = await Player.open(world, 'ann');
    const echo = await ann.client.rpc('echo', world.encode({ n: [1, 'ü'] }));
    same(world.decode(echo.data), { n: [1, 'ü'] }, 'answer');
    same(await refused(ann.client.rpc('fail', world.encode(1))), 1404, 'its own error');
    const marker = world.channel('sent');
    await ann.client.send(world.encode({ marker }));
    await ann.client.rpc('echo', world.encode(1));
    const { sent } = await world.control('/sent', { marker });
    same(sent, 1, 'sent');
    ann.close();
  },

  async 'the newest publication in cache mode'(world) {
    const channel = 'cache:' + world.channel('x');
    await publishAll(world, channel, 1, 3);
    const ann = await Player.open(world, 'ann');
    const subscription = await ann.subscribe(channel, { since: {} });
    await until('the newest', () => subscription.seen.data.length === 1);
    same(subscription.seen.data, [{ n: 3 }], 'data');
    same(subscription.seen.subscribed[0].recovered, true, 'recovered');
    ann.close();
  },

  async 'recovery after the socket is cut'(world) {
    const channel = world.channel('cut');
    const granted = world.channel('granted');
    const ann = await Player.open(world, 'ann', { channels: [granted] });
    const subscription = await ann.subscribe(channel, { recoverable: true, positioned: true });
    await publishAll(world, channel, 1, 5);
    await publishAll(world, granted, 1, 5);
    await until('five', () => subscription.seen.data.length === 5);
    await world.control('/cut', {});
    await publishAll(world, channel, 6, 30);
    await publishAll(world, granted, 6, 30);
    await until('all', () => subscription.seen.data.length >= 30
      && ann.serverEvents('publication', granted).length >= 30);
    same(subscription.seen.data.map(({ n }) => n), upTo(30), 'numbers');
    same(ann.serverEvents('publication', granted).map(({ data }) => world.decode(data).n), upTo(30), 'granted');
    check(ann.seen.connected.length > 1, 'it was not cut');
    const again = subscription.seen.subscribed.at(-1);
    same([again.wasRecovering, again.recovered], [true, true], 'recovered');
    ann.close();
  },

  async 'what a close code says is done'(world) {
    const { codes } = await world.control('/codes', {});
    for (const { code, reconnect } of codes) {
      const user = world.channel('code');
      const ann = await Player.open(world, user);
      await world.api('disconnect', { user, disconnect: { code, reason: 'test' } });
      if (reconnect) {
        await until('reconnect after ' + code, () => ann.seen.connected.length === 2);
      } else {
        await until('end after ' + code, () => ann.seen.disconnected.length === 1);
        same(ann.seen.disconnected, [code], 'code');
      }
      ann.close();
    }
  },

  async 'recovery after the node is killed'(world) {
    const channel = world.channel('kill');
    const players = [];
    for (const user of ['ann', 'bob', 'cid', 'dan']) {
      const player = await Player.open(world, user);
      player.subscription = await player.subscribe(channel, { recoverable: true, positioned: true });
      players.push(player);
    }
    await publishAll(world, channel, 1, 10);
    await world.control('/kill', {});
    await publishAll(world, channel, 11, 60);
    for (const { user, subscription } of players) {
      await until('all of ' + user, () => subscription.seen.data.length >= 60);
      same(subscription.seen.data.map(({ n }) => n), upTo(60), user);
    }
    check(players.some(({ seen }) => seen.connected.length > 1), 'nobody was on the killed node');
    const users = async () => {
      const { clients } = await players[0].subscription.presence();
      return Object.values(clients).map(({ user }) => user).sort().join();
    };
    let present = await users();
    await until('presence', () => {
      users().then((now) => { present = now; }, () => {});
      return present === 'ann,bob,cid,dan';
    });
    players.forEach((player) => player.close());
  },
};

async function play(world) {
  const results = [];
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const result = { name, problem: null };
    try {
      await scenario(world);
    } catch (error) {
      result.problem = String(error?.stack ?? JSON.stringify(error));
    }
    results.push(result);
  }
  return results;
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
    subscriptionToken: async (claims) => (await post('/token', claims)).token,
    api: (method, params) => post('/api/' + method, params),
  };
}

if (typeof module !== 'undefined') {
  module.exports = { play, worldOf };
}
