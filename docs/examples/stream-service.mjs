// Takes what clients send to the service NAME out of its inbox in Redis, and answers: see
// docs/services.md, "In another language". Needs `npm install redis`; SCRIPTS is the directory of
// shard.lua and take.lua, PREFIX the cluster's name.
import { createClient } from 'redis';
import { readFileSync } from 'node:fs';

const { REDIS = 'redis://127.0.0.1:6379', PREFIX = 'tidegate', NAME = 'chat', SCRIPTS = '.' } = process.env;
const script = ['shard', 'take'].map((file) => readFileSync(`${SCRIPTS}/${file}.lua`, 'utf8')).join('');
const redis = await createClient({ url: REDIS }).connect();
const me = `node-${process.pid}-${Date.now()}`;
const answers = { 'math.double': (data) => data * 2 };
let takes = 0;

// What is settled is named by the number of the take that it came with.
async function take(shard, settled = []) {
  const key = `${PREFIX}:{inbox:${NAME}:${shard}}:`;
  const keys = ['state', 'letters', 'groups', 'marks'].map((part) => key + part);
  const number = ++takes;
  const args = [NAME, '', me, number, 10, 30000, 8, 100, 10000, settled.length / 3, ...settled].map(String);
  const [letters] = await redis.eval(script, { keys, arguments: args });
  const done = [];
  for (const [sequence, attempt, letter] of letters) {
    const end = letter.indexOf('\n');
    const { id, kind, method, client, reply_to } = JSON.parse(letter.slice(0, end));
    const handler = answers[method];
    console.log(`${kind} ${method || '-'} of ${client.user} attempt ${attempt}`);
    if (kind === 'rpc') {
      const reply = handler ? { reply: id } : { reply: id, code: 404, text: 'no such method' };
      const body = handler ? JSON.stringify(handler(JSON.parse(letter.slice(end + 1)))) : '';
      await redis.publish(`${PREFIX}:{${reply_to}}:node`, `${JSON.stringify(reply)}\n${body}`);
    }
    done.push(sequence, number, 1);
  }
  if (done.length > 0) await take(shard, done);
}

const all = () => Promise.all([...Array(16).keys()].map((shard) => take(shard)));
const waker = await redis.duplicate().connect();
await waker.subscribe(`${PREFIX}:{inbox:${NAME}}:wake`, (shard) => take(Number(shard)));
setInterval(all, 1000); // In case a wake got lost.
await all();
console.log('consuming');
