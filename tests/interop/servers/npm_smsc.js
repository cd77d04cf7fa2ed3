// An SMSC by the npm package `smpp`, told by lines of JSON what to do; see server.py.
// Argument: the folder that has the package.

'use strict';

const path = require('node:path');
const readline = require('node:readline');

const smpp = require(path.join(process.argv[2], 'smpp'));

const sessions = [];
const held = [];
let lastId = 0;
let holds = false;
let throttled = 0;

const tell = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

function bind(session, request, as) {
  if (request.system_id !== 'user' || request.password !== 'secret') {
    session.send(request.response({ command_status: smpp.ESME_RINVPASWD }));
    session.close();
    return;
  }
  session.send(request.response({ system_id: 'npm' }));
  sessions.push(session);
  tell('bound', { as });
}

function submit(session, request) {
  if (throttled > 0) {
    throttled -= 1;
    session.send(request.response({ command_status: smpp.ESME_RTHROTTLED }));
    return;
  }
  lastId += 1;
  const id = `npm-${lastId}`;
  const { udh, message } = request.short_message;
  tell('submit', {
    id,
    source: request.source_addr,
    destination: request.destination_addr,
    receipt: request.registered_delivery,
    text: message,
    part: udh ? [...udh[0]].slice(-3) : null,
  });
  const answer = () => session.send(request.response({ message_id: id }));
  if (holds) held.push(answer);
  else answer();
}

const server = smpp.createServer((session) => {
  for (const as of ['transceiver', 'transmitter', 'receiver']) {
    session.on(`bind_${as}`, (request) => bind(session, request, as));
  }
  session.on('submit_sm', (request) => submit(session, request));
  session.on('enquire_link', (request) => {
    session.send(request.response());
    tell('enquired');
  });
  session.on('unbind', (request) => {
    session.send(request.response());
    session.close();
    tell('unbound');
  });
  session.on('close', () => {
    if (sessions.includes(session)) sessions.splice(sessions.indexOf(session), 1);
    tell('closed');
  });
  session.on('error', () => session.destroy());
});

const actions = {
  hold: () => { holds = true; },
  release: () => {
    holds = false;
    held.splice(0).forEach((answer) => answer());
  },
  throttle: ({ count }) => { throttled = count; },
  deliver: ({ source, destination, text, receipt }) => {
    sessions.at(-1).deliver_sm(
      {
        source_addr_ton: 1,
        source_addr_npi: 1,
        source_addr: source,
        destination_addr: destination,
        esm_class: receipt ? 4 : 0,
        short_message: text,
      },
      (response) => tell('answered', { status: response.command_status }),
    );
  },
  enquire: () => sessions.at(-1).enquire_link(() => tell('alive')),
  unbind: () => {
    const session = sessions.at(-1);
    session.unbind(() => session.close());
  },
};

server.listen(0, '127.0.0.1', () => tell('listening', { port: server.address().port }));
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  actions[order.do](order);
  tell('done');
});
lines.on('close', () => process.exit());
