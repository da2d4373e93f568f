// A service behind HTTP: checks the signature of each request, then answers it.
// SECRETS="whsec_..." node http-service.mjs   (several secrets are divided by spaces)
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const keys = process.env.SECRETS.split(' ').map((secret) => Buffer.from(secret.replace('whsec_', ''), 'base64'));

function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !signatures || !(Math.abs(Date.now() / 1000 - timestamp) < 300)) return false;
  const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest());
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return expected.some((mac) => mac.length === given.length && timingSafeEqual(mac, given));
  });
}

const methods = {
  'math.sum': ({ numbers }) => ({ sum: numbers.reduce((a, b) => a + b, 0) }),
  'math.who': (data, user) => ({ user }),
};

createServer(async (request, response) => {
  const answer = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isSigned(request.headers, body)) return answer(401, {});
  const attribute = (name) => decodeURIComponent(request.headers['ce-' + name] ?? '');
  if (attribute('type') === 'io.tidegate.send') return answer(200, console.log('sent', attribute('user'), body.toString()));
  const method = methods[attribute('subject')];
  if (!method) return answer(404, { error: { code: 1404, message: 'no such method' } });
  try {
    answer(200, method(JSON.parse(body), attribute('user')));
  } catch (error) {
    answer(422, { error: { code: 1422, message: error.message } });
  }
}).listen(process.env.PORT ?? 3000, '127.0.0.1', function () { console.log('listening', this.address().port); });
