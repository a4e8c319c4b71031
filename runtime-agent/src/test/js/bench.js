// Measures the terminal over socket.io-client: node bench.js <url> [<path>], the token in TOKEN.
'use strict';
const { io } = require('socket.io-client');
const place = require('./place.js');
const [url, path] = process.argv.slice(2);
const socket = io(url, { ...place(url, path), transports: ['websocket'], reconnection: false });
socket.on('connect', () => socket.emit('AUTHENTICATE', { token: process.env.TOKEN }));
socket.on('AUTHENTICATE', () => {
  socket.on('SSH_RELAY', require('./measures.js')((keys) => socket.emit('SSH', keys)));
  socket.emit('SSH_CONNECT', '');
});
for (const event of ['ERROR', 'disconnect', 'connect_error']) {
  socket.on(event, (why) => { console.error(event, why); process.exit(1); });
}
process.stdin.on('close', () => process.exit(0));
