/** The guided story that the demo opens with: watch, approve a diff, refuse a risky command with a reason, then look at the record. */
import { raiseConnections } from './plays.ts';
import { checklist, type Stage, toRefusalWords } from './stage.ts';

export async function tour(stage: Stage): Promise<void> {
  const steps = checklist(stage, [
    'Watch: reads run at once',
    'Approve a change',
    'Refuse something',
    'Look at the record',
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
    '**2. Approve a change.** Press `Esc` if you are in the text field, then `Tab` until the card below has the focus (or `Ctrl-b a` from anywhere, inside tmux `Ctrl-] a`); read the diff to its end, then `a` approves and `d` denies.\n\n',
  );
  const outcome = await raiseConnections(stage, 'web-2', 1024);

  await steps.at(2);
  await stage.say(
    '\n**3. Refuse something.** Now I ask for what you should not allow: a restart of the database in *production*. `Tab` to the card again, press `r`, type a reason, and see that it reaches me.\n\n',
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
    `**4. Look at the record.** Press \`3\` (outside of the text field) for the audit log: every request, its decision and who made it. ${change}\n\n`,
  );
  // The last step is the reader's own: it stays open, since nobody here can know when it is done.
  await stage.say(
    'Then try `Ctrl-b d` (inside tmux `Ctrl-] d`): it detaches, and everything here runs on. `npm run demo` (or `signalbox demo`) brings you back to this very screen. Ask me something: “what is wrong with web-2?”, “compare nginx on all servers”, “run df -h on db-1”, “read /srv/shop/.env on web-1”.\n',
  );
}
