/** The program in every bundle that checks it offline: plain JavaScript of one file that needs only Node. Tests run it as it is written here. */

/** Exit status 0: as it was exported and signed; 1: not, with the first reason; 2: used wrongly. */
export const verifierScript = String.raw`// Checks this bundle of a signalbox audit log: node verify.mjs [--key SHA256:...]
// It needs only Node 20 or later. It trusts the key that --key names, else the one that the manifest names.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const base = dirname(fileURLToPath(import.meta.url));
const zeros = '0'.repeat(64);
const notes = [];
class Fault extends Error {}
const fail = (text) => { throw new Fault(text); };
// What is printed may come from a bundle that somebody changed: nothing of it acts on a terminal.
const show = (text) => text.replace(/[^\x20-\x7e]/gu, (sign) => '\\u{' + sign.codePointAt(0).toString(16) + '}');
const say = (text) => console.log(show(text));
const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const linesOf = (name) => readFileSync(join(base, name), 'utf8').split('\n').filter((line) => line !== '');
const toFingerprint = (key) =>
  'SHA256:' + createHash('sha256').update(Buffer.from(key, 'base64url')).digest('base64').replace(/=+$/, '');
const toKey = (x) => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
const holds = (text, key, signature) => {
  try {
    return verify(null, Buffer.from(text, 'utf8'), toKey(key), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};
// RFC 8785: names in the order of their code units, values as ECMAScript spells them.
const canonical = (value) => {
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return '{' + Object.keys(value).sort().map((name) => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}';
};

async function checkFiles(manifest) {
  const present = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(base.length + 1));
  for (const name of Object.keys(manifest.files)) {
    if (!present.includes(name)) fail(name + ' is missing.');
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(base, name))) hash.update(chunk);
    if (hash.digest('hex') !== manifest.files[name]) fail(name + ' was changed.');
  }
  for (const name of present)
    if (!(name in manifest.files) && name !== 'manifest.json' && name !== 'manifest.sig') fail(name + ' was added.');
}

function readCheckpoints(trusted) {
  const heads = new Map();
  if (!existsSync(join(base, 'checkpoints.jsonl'))) return heads;
  for (const [index, line] of linesOf('checkpoints.jsonl').entries()) {
    const where = 'checkpoints.jsonl:' + (index + 1);
    let one;
    try {
      one = JSON.parse(line);
    } catch {
      notes.push(where + ' cannot be read.');
      continue;
    }
    const { segment, seq, head, ts, key, sig } = one;
    const text = 'signalbox audit checkpoint v1\n' + JSON.stringify({ segment, seq, head, ts, key });
    if (!holds(text, key, sig)) fail('The checkpoint of record ' + seq + ' (' + where + ') was changed.');
    if (trusted !== null && toFingerprint(key) !== trusted)
      fail('The checkpoint of record ' + seq + ' (' + where + ') is signed by ' + toFingerprint(key) + ', not by ' + trusted + '.');
    heads.set(seq, { head, where });
  }
  return heads;
}

function checkRecords(manifest, heads) {
  const names = manifest.complete ? Object.keys(manifest.files).filter((name) => name.startsWith('segments')).sort() : ['records.jsonl'];
  let last = { seq: 0, hash: zeros };
  let count = 0;
  let signed = 0;
  const seen = [];
  for (const name of names) {
    for (const [index, line] of linesOf(name).entries()) {
      const where = name + ':' + (index + 1);
      let record;
      try {
        record = JSON.parse(line);
      } catch {
        fail(where + ' is no record.');
      }
      const { prev, hash, ...rest } = record;
      if (canonical(record) !== line) fail('Record ' + record.seq + ' (' + where + ') is not spelled as it was written.');
      if (sha256(prev + '\n' + canonical(rest)) !== hash) fail('Record ' + record.seq + ' (' + where + ') was changed.');
      if (record.seq <= last.seq) fail('Record ' + record.seq + ' (' + where + ') was inserted, repeated or moved.');
      if (manifest.complete && record.seq !== last.seq + 1) fail('Record ' + (last.seq + 1) + ' is missing before ' + where + '.');
      if (record.seq === last.seq + 1 && prev !== last.hash) fail('Record ' + record.seq + ' (' + where + ') does not continue the one before it.');
      const checkpoint = heads.get(record.seq);
      if (checkpoint && checkpoint.head !== hash) fail('Record ' + record.seq + ' is not the one that was signed (' + checkpoint.where + ').');
      if (checkpoint) signed = record.seq;
      last = { seq: record.seq, hash };
      count += 1;
      for (const field of ['beforeSha256', 'afterSha256']) if (record[field]) seen.push(record[field]);
      if (record.recording && record.type === 'result' && record.recordingSha256) checkRecording(record);
    }
  }
  if (count !== manifest.records || last.seq !== manifest.lastSeq)
    fail('The bundle holds ' + count + ' records up to ' + last.seq + ', the manifest says ' + manifest.records + ' up to ' + manifest.lastSeq + '.');
  if (manifest.complete)
    for (const [seq, { where }] of heads) if (seq > last.seq) notes.push('Record ' + seq + ' was signed (' + where + ') after the export began.');
  return { count, last, signed, seen: new Set(seen) };
}

function checkRecording(record) {
  const name = join('recordings', record.recording);
  if (!existsSync(join(base, name))) return notes.push(name + ' is not in the bundle.');
  const bytes = readFileSync(join(base, name));
  if (sha256(bytes.subarray(0, record.recordingBytes ?? bytes.length)) !== record.recordingSha256)
    fail(name + ' is not the recording that record ' + record.seq + ' registered.');
}

function checkImages(seen) {
  const folder = join(base, 'files');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) if (sha256(readFileSync(join(folder, name))) !== name) fail('files/' + name + ' was changed.');
  const lacking = [...seen].filter((one) => !names.includes(one)).length;
  if (lacking > 0) notes.push(lacking + ' files that records name are not in the bundle: sensitive, too large, purged or absent.');
  return names.length;
}

async function main() {
  const args = process.argv.slice(2);
  if (args.length !== 0 && (args.length !== 2 || args[0] !== '--key')) {
    console.error('Usage: node verify.mjs [--key SHA256:...]');
    return 2;
  }
  const text = readFileSync(join(base, 'manifest.json'), 'utf8');
  const manifest = JSON.parse(text);
  const own = manifest.publicKey === null ? null : toFingerprint(manifest.publicKey);
  const trusted = args[1] ?? own;
  if (trusted !== null) {
    if (own !== trusted) fail('The bundle is signed by ' + (own ?? 'nobody') + ', not by ' + trusted + '.');
    const signature = existsSync(join(base, 'manifest.sig')) ? readFileSync(join(base, 'manifest.sig'), 'utf8').trim() : '';
    if (!holds('signalbox audit bundle v1\n' + text, manifest.publicKey, signature)) fail('manifest.json was changed: its signature does not hold.');
  } else notes.push('The bundle is not signed: the log had no key.');
  await checkFiles(manifest);
  const { count, last, signed, seen } = checkRecords(manifest, readCheckpoints(trusted));
  const images = checkImages(seen);
  if (!manifest.intact) fail('The log was not intact when it was exported: ' + manifest.problem);
  say('The bundle is as it was exported: ' + count + ' records up to ' + last.seq + ', head ' + last.hash + ', ' + images + ' files.');
  if (trusted !== null) say('Signed by ' + trusted + (signed > 0 ? ', checkpoints up to record ' + signed : '') + '.');
  if (args.length === 0 && trusted !== null) notes.push('The key is believed because the bundle names it; compare it with --key and what "signalbox info" showed there.');
  if (!manifest.complete) notes.push('These are chosen records (' + manifest.filter + '): that none was left out is said by the signature, not by the chain.');
  for (const note of notes) say('Note: ' + note);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(show((error instanceof Fault ? 'The bundle is not as it was exported: ' : 'The bundle cannot be read: ') + error.message));
  process.exitCode = 1;
}
`;
