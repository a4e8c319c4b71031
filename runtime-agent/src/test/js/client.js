// A socket.io-client that is told by lines of JSON what to do, and tells what it hears the same way.
//   node client.js <url> <path> <transports, comma-separated> [<headers as JSON>]
'use strict';
const { io } = require('socket.io-client');
const place = require('./place.js');
const [url, path, transports, headers] = process.argv.slice(2);
const tell = (fact) => process.stdout.write(JSON.stringify(fact) + '\n');
const socket = io(url, {
  ...place(url, path),
  transports: transports.split(','),
  extraHeaders: headers ? JSON.parse(headers) : undefined,
  reconnection: false,
  forceNew: true,
});
let counting = false;
let counted = 0;
let until = null;

function relay(data) {
  const bytes = Buffer.from(data);
  if (!counting) {
    tell({ event: 'SSH_RELAY', base64: bytes.toString('base64') });
    return;
  }
  counted += bytes.length;
  if (until !== null && bytes.includes(until)) {
    tell({ event: 'counted', bytes: counted });
    until = null;
  }
}

socket.on('connect', () => tell({ event: 'connect', transport: socket.io.engine.transport.name }));
socket.on('connect_error', (e) =>
  tell({ event: 'connect_error', message: String(e.context?.status ?? e.description?.message ?? e.message) }));
socket.on('disconnect', (reason) => tell({ event: 'disconnect', reason }));
socket.io.engine.on('upgrade', (t) => tell({ event: 'upgrade', transport: t.name }));
for (const event of ['MESSAGE', 'AUTHENTICATE', 'SSH_DOWN', 'ERROR']) {
  socket.on(event, (data) => tell({ event, data }));
}
socket.on('SSH_RELAY', relay);

require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  const raw = () => socket.io.engine.transport.ws._socket;
  if (order.emit) socket.emit(...order.emit);
  if (order.type) socket.emit('SSH', order.type.repeat(order.times ?? 1));
  if (order.pause) raw().pause();
  if (order.resume) raw().resume();
  if (order.drop) raw().destroy();
  if (order.count !== undefined) { counting = order.count; counted = 0; until = order.until ?? null; }
  if (order.close) socket.close();
}).on('close', () => process.exit(0));
