// Measures the OpenSSH client in the same way: node beside.js <its command as JSON>
'use strict';
const { spawn } = require('child_process');
const words = JSON.parse(process.argv[2]);
const ssh = spawn(words[0], words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
ssh.stdout.on('data', require('./measures.js')((keys) => ssh.stdin.write(keys)));
ssh.on('exit', () => process.exit(1));
process.stdin.on('close', () => { ssh.kill(); process.exit(0); });
