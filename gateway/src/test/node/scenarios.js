'use strict';

// What every SDK is asked to do, for the JavaScript one in Node and in a browser. Each scenario opens its own clients
// and fails by throwing. `world` tells how: see matrix.js and matrix.html.
//
//   world.client(options)      a client of the SDK under test, not connected
//   world.encode, world.decode what an application's value is to this SDK: itself with JSON, bytes with Protobuf
//   world.control(path, body)  asks the test: /token /api/METHOD /sent /codes /cut /kill

if (typeof module !== 'undefined') {
  Object.assign(globalThis, require('./player.js'));
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
      return world.token({ sub: 'ann', ttl: fetched > 2 ? 600 : 2 });
    };
    const ann = new Player(world, 'ann', '', { getToken });
    // The third is asked for when the answer to the second says so.
    await until('the third token', () => fetched > 2);
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
    const getToken = () => world.token({ sub: 'ann', channel });
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
      return world.token({ sub: 'ann', channel, ttl: fetched > 2 ? 600 : 2 });
    };
    const subscription = await ann.subscribe(channel, { getToken });
    await until('the third token', () => fetched > 2);
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
        check(ann.seen.connecting.includes(code), `code: ${ann.seen.connecting} (expected: ${code})`);
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
    await untilSaid('presence', users, 'ann,bob,cid,dan');
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

if (typeof module !== 'undefined') {
  module.exports = { play };
}
