'use strict';

// The public SDK against a node with services. Told by one argument, as JSON: url, token.
// Ends with 0 where all holds.

const assert = require('node:assert/strict');
const { Centrifuge } = require('centrifuge');
const WebSocket = require('ws');

const { url, token } = JSON.parse(process.argv[2]);

async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return { code: error.code, message: error.message, temporary: error.temporary === true };
  }
  return assert.fail('answered');
}

async function main() {
  const client = new Centrifuge(url, { token, websocket: WebSocket });
  client.connect();
  await client.ready(30000);

  const { data } = await client.rpc('math.sum', { numbers: [1, 2, 3] });
  assert.deepEqual(data, { sum: 6 });
  assert.deepEqual((await client.rpc('math.who', {})).data, { user: 'J\u00f6rg' });
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, i) => client.rpc('math.sum', { numbers: [i, 1] })));
  assert.deepEqual(many.map((answer) => answer.data.sum), Array.from({ length: 20 }, (_, i) => i + 1));

  const own = await refusal(client.rpc('math.nothing', {}));
  assert.deepEqual(own, { code: 1404, message: 'no such method', temporary: false });
  assert.equal((await refusal(client.rpc('math.distrusted', {}))).code, 108);
  const gone = await refusal(client.rpc('gone.away', {}));
  assert.equal(gone.code, 100);
  assert.equal(gone.temporary, true);
  assert.equal((await refusal(client.rpc('else', {}))).code, 104);

  await client.send({ n: 1 });
  await client.send({ n: 2 });
  await client.rpc('math.sum', { numbers: [] });
  client.disconnect();
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
