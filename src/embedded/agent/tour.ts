/** The guided story that the demo opens with: watch, approve a diff, refuse a risky command with a reason, then how to look at the record and leave. */
import { raiseConnections } from './plays.ts';
import { checklist, type Stage, toRefusalWords } from './stage.ts';

export async function tour(stage: Stage): Promise<void> {
  const steps = checklist(stage, [
    'Watch: reads run at once',
    'Approve a change',
    'Refuse something',
    'Hear where the record is, and how to leave',
  ]);
  await stage.say(
    'I am a **scripted agent**, not a model: a stand-in so that you can see signalbox work in two minutes. The three servers on the right are simulated inside this program. What I ask for goes through the same gate as with a real agent.\n\n',
  );
  await steps.at(0);
  await stage.say(
    '**1. Watch.** I look at the servers. These commands only read, so policy lets them run at once; each pane shows what ran.\n\n',
  );
  for (const server of ['web-1', 'web-2', 'db-1'])
    await stage.use(`${server}: uptime`, 'remote_exec', { server, command: 'uptime' });
  await stage.use('web-2: systemctl status nginx', 'remote_exec', {
    server: 'web-2',
    command: 'systemctl status nginx',
  });
  await stage.use('web-2: journalctl -u nginx -n 6', 'remote_exec', {
    server: 'web-2',
    command: 'journalctl -u nginx -n 6 --no-pager',
  });
  await stage.say('web-2 refuses visitors: its worker_connections are not enough.\n\n');

  await steps.at(1);
  await stage.say(
    '**2. Approve a change.** `Ctrl-b a` (inside tmux `Ctrl-] a`) goes to the card that waits, from anywhere. Read the diff to its end with `PgDn`, then `a` approves and `d` denies.\n\n',
  );
  const outcome = await raiseConnections(stage, 'web-2', 1024);

  await steps.at(2);
  await stage.say(
    '\n**3. Refuse something.** Now I ask for what you should not allow: a restart of the database in *production*. Go to the card with the same keys, press `r`, type a reason, and see that it reaches me.\n\n',
  );
  const restart = await stage.use('db-1: systemctl restart postgresql', 'remote_exec', {
    server: 'db-1',
    command: 'systemctl restart postgresql',
  });
  if (restart.status === 'ok')
    await stage.say(
      'You let me restart it. On a real server you would have had visitors waiting: `r` would have been the better key.\n\n',
    );
  else await stage.say(`${toRefusalWords(restart)}\n\n`);

  await steps.at(3);
  const change =
    outcome === 'changed'
      ? 'The change of nginx.conf is there with its diff; `R` on it rolls the file back, after a preview and a card of its own.'
      : 'What you refused is there too, with your reason.';
  await stage.say(
    `**4. The record, and how to leave.** \`Esc\` leaves the text field, then \`3\` shows the audit log: every request, its decision and who made it. ${change} \`1\` comes back here, \`i\` to the text field.\n\n`,
  );
  await stage.say(
    '`Ctrl-b d` (inside tmux `Ctrl-] d`) detaches: everything here runs on, and `npm run demo` (or `signalbox demo`) brings you back to this very screen. To stop it all, detach and run `npm run demo -- --stop` (or `signalbox demo --stop`).\n\n',
  );
  // What this step was about has been said; looking is the reader's own, and nobody here could know of it.
  await steps.done();
  await stage.say(
    'That was the tour. Ask me something: “what is wrong with web-2?”, “compare nginx on all servers”, “run df -h on db-1”, “read /srv/shop/.env on web-1”.\n',
  );
}
