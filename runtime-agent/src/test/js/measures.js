// The measures of a terminal, whatever carries it. Each line on stdin is answered by a line of JSON:
//   prompt             makes the shell's prompt one that can be found again
//   echo <n>           round trips of one character to cat(1), in ms
//   flood <command>    bytes and seconds until the prompt is back
//   interrupt <cmd>    ms from Ctrl-C in a flood until the prompt is back
'use strict';
const PROMPT = Buffer.from('READY> ');
const PLAIN =
  "PS1='READY''> '; PS0=; unset PROMPT_COMMAND; bind 'set enable-bracketed-paste off'; clear\n";
const now = () => Number(process.hrtime.bigint()) / 1e6;

/** @param type sends keystrokes; @returns what is to be called with each piece of output */
module.exports = function measure(type) {
  let hear = () => {};

  /** Hears until the prompt is among the last bytes. */
  function untilPrompt(onBytes = () => {}) {
    return new Promise((resolve) => {
      let tail = Buffer.alloc(0);
      hear = (data) => {
        onBytes(data.length);
        tail = data.length >= 64 ? data.subarray(data.length - 64)
          : Buffer.concat([tail, data]).subarray(-64);
        if (tail.includes(PROMPT)) { hear = () => {}; resolve(); }
      };
    });
  }

  /** Hears the answers to what was typed before, until nothing more comes. */
  function untilQuiet(ms) {
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, ms);
      hear = () => { clearTimeout(timer); timer = setTimeout(resolve, ms); };
    });
  }

  const measures = {
    async prompt() {
      const back = untilPrompt();
      type(PLAIN);
      await back;
      await untilQuiet(100);
      return {};
    },
    async echo(count) {
      const times = [];
      type('cat\n');
      await untilQuiet(100);
      for (let i = 0; i < Number(count); i++) {
        const start = now();
        await new Promise((resolve) => { hear = resolve; type('x'); });
        times.push(now() - start);
        if (i % 50 === 49) { type('\x15'); await untilQuiet(10); }
      }
      const back = untilPrompt();
      type('\x03');
      await back;
      return { times };
    },
    async flood(command) {
      let bytes = 0;
      const back = untilPrompt((n) => { bytes += n; });
      const start = now();
      type(command + '\n');
      await back;
      return { bytes, seconds: (now() - start) / 1000 };
    },
    async interrupt(command) {
      let bytes = 0;
      let enough;
      const flowing = new Promise((resolve) => { enough = resolve; });
      const back = untilPrompt((n) => { bytes += n; if (bytes > 20e6) enough(); });
      type(command + '\n');
      await flowing;
      const start = now();
      type('\x03');
      await back;
      return { ms: now() - start };
    },
  };

  require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const space = line.indexOf(' ');
    const order = space < 0 ? line : line.slice(0, space);
    const answer = await measures[order](line.slice(space + 1));
    process.stdout.write(JSON.stringify(answer) + '\n');
  });
  return (data) => hear(data);
};
