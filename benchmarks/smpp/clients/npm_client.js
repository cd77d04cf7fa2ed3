// The npm package `smpp`, which keeps no window of its own: each response sends the next.
// Arguments: the folder that has the package, the port, the window.

'use strict';

const path = require('node:path');
const readline = require('node:readline');

const [folder, port, window] = process.argv.slice(2);
const smpp = require(path.join(folder, 'smpp'));

const TEXT =
  'The washing machine in the cellar is done. Please hang the laundry up, and close the window, please.';

let number = 0;

const seconds = () => Number(process.hrtime.bigint()) / 1e9;
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function send(session, count) {
  const start = seconds();
  const cpu = cpuSeconds();
  let unsent = count;
  let unanswered = count;

  const submit = () => {
    unsent -= 1;
    session.submit_sm(
      {
        source_addr_ton: 5,
        source_addr: 'Bench',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: `96170${String(number++).padStart(7, '0')}`,
        short_message: TEXT,
        registered_delivery: 1,
      },
      (pdu) => {
        if (pdu.command_status !== 0) throw new Error(`refused: ${pdu.command_status}`);
        unanswered -= 1;
        if (unsent > 0) submit();
        else if (unanswered === 0) {
          console.log(JSON.stringify([start, seconds(), cpuSeconds() - cpu]));
        }
      },
    );
  };
  for (let place = 0; place < Number(window) && unsent > 0; place += 1) submit();
}

const session = smpp.connect({ host: '127.0.0.1', port: Number(port) }, () => {
  session.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => {
    const lines = readline.createInterface({ input: process.stdin });
    lines.on('line', (line) => send(session, Number(line)));
    lines.on('close', () => session.destroy());
  });
});
