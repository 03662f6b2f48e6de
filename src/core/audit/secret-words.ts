/** The words a name is judged by: which make its value a secret, which only before `key`, and which endings say that it tells about one. Data. */

/** One of these words anywhere in a name makes its value a secret. */
export const secretWords: ReadonlySet<string> = toSet(
  'password passwd passphrase pass pwd passwort passwoerter kennwort geheimnis motdepasse mdp ' +
    'contrasena contrasenia senha wachtwoord losenord salasana heslo haslo parola parool sifre jelszo ' +
    'passcode userpassword dbpassword rootpassword adminpassword keystorepassword userpass dbpass mypass ' +
    'secret secrets secretkey apikey apisecret appsecret accesskey privatekey authkey clientsecret token ' +
    'authtoken accesstoken refreshtoken apitoken bearer authorization credential credentials creds cookie ' +
    'psk presharedkey psksecret hmackey signingkey encryptionkey sharedsecret sharedaccesssignature ' +
    'accountkey authpass privpass wpapsk userpin totp jwt pgpassword requirepass masterauth rootpw bindpw ' +
    'ldappw userpw storepass keypass sessionid phpsessid jsessionid',
);

/** `key` is too common to mean anything by itself; after one of these words it names a secret. */
export const wordsBeforeKey: ReadonlySet<string> = toSet(
  'api access client private secret signing encryption master account shared session deploy service ' +
    'auth app application storage license preshared webhook subscription functions hmac server jwt jws ' +
    'cookie crypto cipher fernet tsig rndc wireguard symmetric ingest ingestion write admin integration ' +
    'consumer unseal recovery seed activation network wifi wep wpa join',
);

/** Names before `key` that say it is public, or no key of cryptography at all. */
export const wordsOfPlainKeys: ReadonlySet<string> = toSet(
  'public pub cache sort foreign primary partition object host idempotency s3 row group unique index ' +
    'translation registry site map hash range lookup record dedup publishable storage routing etcd redis ' +
    'queue message artifact file path query',
);

/** A name that ends so tells something about a secret (where it is, how long it lives), not the secret. */
export const harmlessEndings: ReadonlySet<string> = toSet(
  'file files path dir directory folder name names id ids url uri endpoint length len size count min ' +
    'max limit policy type expires expiry expire expiration ttl timeout stdin prompt hint field label ' +
    'required enabled disabled age days at format header ref arn version algorithm env var source method ' +
    'provider manager store generator validator authentication encryption change changed reset rotation ' +
    'attempts domain samesite secure httponly mode fingerprint scopes scope lifetime lifespan duration ' +
    'interval validity seconds minutes hours ms rules rule regex pattern complexity strength history ' +
    'minlength maxlength alias aliases index status state exists placeholder title description message ' +
    'error created updated date timestamp until issuer audience cost rounds retries supported backend ' +
    'engine command service class mount budget usage bucket cache',
);

function toSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
