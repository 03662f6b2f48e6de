/** Simulated commands about services: systemctl, journalctl and nginx. */
import { changeService, type Service } from '../machine/machine.ts';
import { duration, journalLine, stamp, table } from './format.ts';
import type { CommandTable } from './interpreter.ts';
import type { Io } from './io.ts';
import { parseOptions } from './text-commands.ts';

function status(io: Io, service: Service): number {
  const { machine } = io;
  const state = service.active ? 'active (running)' : 'inactive (dead)';
  io.out(`${service.active ? '●' : '○'} ${service.name}.service - ${service.description}\n`);
  io.out(`     Loaded: loaded (/lib/systemd/system/${service.name}.service; enabled; preset: enabled)\n`);
  io.out(
    `     Active: ${state} since ${stamp(service.sinceMs)}; ${duration(machine.nowMs() - service.sinceMs).trim()} ago\n`,
  );
  if (service.active)
    io.out(`   Main PID: ${service.mainPid} (${service.name})\n     Memory: ${service.memoryMiB}.0M\n`);
  io.out('\n');
  for (const entry of machine.journal.filter(({ unit }) => unit === service.name).slice(-5))
    io.out(journalLine(machine, entry));
  return service.active ? 0 : 3;
}

function systemctl(io: Io): number {
  const { operands } = parseOptions(io.args, 'nopt');
  const [verb = 'list-units', ...names] = operands;
  if (verb === 'list-units') {
    const rows = [...io.machine.services.values()].map((service) => [
      `${service.name}.service`,
      'loaded',
      service.active ? 'active' : 'inactive',
      service.active ? 'running' : 'dead',
      service.description,
    ]);
    io.out(table([['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'], ...rows], [0, 1, 2, 3, 4]));
    return 0;
  }
  let result = 0;
  for (const name of names.map((word) => word.replace(/\.service$/, ''))) {
    const service = io.machine.services.get(name);
    if (!service) {
      io.error(
        verb === 'status'
          ? `Unit ${name}.service could not be found.\n`
          : `Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`,
      );
      result = verb === 'status' ? 4 : 5;
    } else if (verb === 'status') result = status(io, service);
    else if (verb === 'is-active' || verb === 'is-enabled') {
      io.out(verb === 'is-enabled' ? 'enabled\n' : service.active ? 'active\n' : 'inactive\n');
      result = service.active || verb === 'is-enabled' ? 0 : 3;
    } else if (verb === 'start' || verb === 'stop' || verb === 'restart' || verb === 'reload') {
      const complaint = changeService(io.machine, service, verb);
      if (complaint !== null) {
        io.error(
          `Job for ${name}.service failed: ${complaint}\nSee "systemctl status ${name}.service" and "journalctl -u ${name}" for details.\n`,
        );
        result = 1;
      }
    } else {
      io.error(`systemctl: '${verb}' is not simulated on this demo server\n`);
      result = 1;
    }
  }
  return result;
}

function journalctl(io: Io): number {
  const { values } = parseOptions(io.args, 'unpSo');
  const unit = (values.get('u') ?? values.get('unit'))?.replace(/\.service$/, '');
  const count = Number(values.get('n') ?? values.get('lines') ?? 100);
  const entries = io.machine.journal.filter((entry) => unit === undefined || entry.unit === unit).slice(-count);
  io.out(entries.length === 0 ? '-- No entries --\n' : '');
  for (const entry of entries) io.out(journalLine(io.machine, entry));
  return 0;
}

function nginx(io: Io): number {
  const service = io.machine.services.get('nginx');
  if (!service) {
    io.error('sh: nginx: command not found\n');
    return 127;
  }
  if (io.args[0] !== '-t') {
    io.error('nginx: only "nginx -t" is simulated on this demo server\n');
    return 1;
  }
  const complaint = service.checkConfiguration(io.machine);
  const file = '/etc/nginx/nginx.conf';
  if (complaint === null)
    io.error(
      `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
    );
  else io.error(`nginx: [emerg] ${complaint}\nnginx: configuration file ${file} test failed\n`);
  return complaint === null ? 0 : 1;
}

export const serviceCommands: CommandTable = { systemctl, journalctl, nginx };
