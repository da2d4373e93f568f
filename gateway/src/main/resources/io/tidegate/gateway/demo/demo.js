'use strict';

const MOST_MESSAGES = 200;
const byId = (id) => document.getElementById(id);
const present = new Map(); // client -> user
let lastOffset = 0;

function showState(state) {
  byId('state').textContent = state;
  byId('state').dataset.state = state;
}

function showProblem(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = !text;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function addLine(line) {
  const list = byId('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(line);
  while (list.children.length > MOST_MESSAGES) {
    list.firstElementChild.remove();
  }
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
  byId('empty').hidden = true;
}

function addPublication(publication) {
  if (publication.offset && publication.offset <= lastOffset) {
    return; // Came with the history already.
  }
  lastOffset = publication.offset || lastOffset;
  const { data, info, offset } = publication;
  const text = data && typeof data.text === 'string' ? data.text : JSON.stringify(data);
  const line = document.createElement('li');
  if (offset) {
    line.append(element('span', 'offset', '#' + offset));
  }
  line.append(element('span', 'who', info ? info.user : 'server'), text);
  addLine(line);
}

function addNote(text) {
  addLine(element('li', 'note', text));
}

function showPresent() {
  const names = [...present.values()].sort();
  byId('count').textContent = names.length;
  byId('present').replaceChildren(...names.map((name) => element('li', '', name)));
}

async function session() {
  const response = await fetch('/demo/token', { cache: 'no-store' });
  if (!response.ok) {
    throw new Error('no token: HTTP ' + response.status);
  }
  return response.json();
}

function userOf(token) {
  const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
  return JSON.parse(atob(part)).sub;
}

/** History first, live publications of that time after it, each once and in order. */
function follow(subscription) {
  let held = [];
  const take = (publication) => (held ? held.push(publication) : addPublication(publication));
  subscription.on('publication', take);
  subscription.on('subscribed', async (context) => {
    try {
      if (!context.wasRecovering) {
        const history = await subscription.history({ limit: 50, reverse: true });
        history.publications.reverse().forEach(addPublication);
      } else if (!context.recovered) {
        lastOffset = 0;
        addNote('Some messages were missed.');
      }
      const presence = await subscription.presence();
      present.clear();
      Object.values(presence.clients).forEach((info) => present.set(info.client, info.user));
      showPresent();
    } catch (error) {
      showProblem('Not answered: ' + error.message);
    } finally {
      (held || []).forEach(addPublication);
      held = null;
    }
  });
  subscription.on('join', ({ info }) => {
    present.set(info.client, info.user);
    showPresent();
    addNote(info.user + ' came');
  });
  subscription.on('leave', ({ info }) => {
    present.delete(info.client);
    showPresent();
    addNote(info.user + ' left');
  });
  subscription.on('error', ({ error }) => showProblem('Subscribing: ' + error.message));
  subscription.on('unsubscribed', ({ reason }) => addNote('Unsubscribed: ' + reason));
}

async function start() {
  const { node, channel, token } = await session();
  byId('node').textContent = node;
  byId('channel').textContent = channel;
  byId('user').textContent = userOf(token);

  const scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
  const centrifuge = new Centrifuge(scheme + location.host + '/connection/websocket', {
    token,
    getToken: async () => (await session()).token,
  });
  centrifuge.on('state', ({ newState }) => {
    showState(newState);
    const ready = newState === 'connected';
    byId('text').disabled = !ready;
    byId('send').disabled = !ready;
  });
  centrifuge.on('connected', () => showProblem(''));
  centrifuge.on('error', ({ error }) => showProblem('Connecting: ' + error.message));

  const subscription = centrifuge.newSubscription(channel, {
    joinLeave: true, positioned: true, recoverable: true,
  });
  follow(subscription);
  subscription.subscribe();
  centrifuge.connect();

  byId('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = byId('text').value.trim();
    if (!text) {
      return;
    }
    try {
      await subscription.publish({ text });
      byId('text').value = '';
      showProblem('');
    } catch (error) {
      showProblem('Not published: ' + error.message);
    }
    byId('text').focus();
  });
}

start().catch((error) => {
  showState('disconnected');
  showProblem(error.message);
});
