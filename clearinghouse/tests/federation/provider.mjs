// A real provider of OpenID Connect (npm oidc-provider), of no worth: whoever writes a name into its form is that person.
// node provider.mjs FOLDER PORT CLIENT SECRET LOGOUT_URI REDIRECT_URI...
// Prints one line when it is ready, and ends with its standard input.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, port, client, secret, logout, ...redirects] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/`));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

// What it says to its developers goes where nobody waits for it.
const ready = (line) => process.stdout.write(`${line}\n`);
console.log = console.info = console.warn = console.error;

const issuer = `http://localhost:${port}`;
const jwk = (kid, alg, pair) => ({ ...pair.privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });
const provider = new Provider(issuer, {
  clients: [{
    client_id: client,
    client_secret: secret,
    redirect_uris: redirects,
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'PS256',
    require_auth_time: true,
    backchannel_logout_uri: logout,
    backchannel_logout_session_required: true,
  }],
  jwks: { keys: [
    jwk('rsa', 'PS256', generateKeyPairSync('rsa', { modulusLength: 2048 })),
    jwk('ec', 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  ] },
  cookies: { keys: ['of no worth'] },
  // Its own guard asks nobody on this machine; the house of the test is there.
  fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  acrValues: ['urn:example:two'],
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'gfipm:2.0:user:SwornLawEnforcementOfficerIndicator'], acr: null, amr: null, auth_time: null, sid: null },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, 'gfipm:2.0:user:SwornLawEnforcementOfficerIndicator': id.startsWith('officer') }),
  }),
  async loadExistingGrant(context) {
    const { client: asking, session, provider: own } = context.oidc;
    const grant = new own.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});
provider.on('server_error', (_, error) => console.error(error));
provider.on('backchannel.error', (_, error) => console.error('back-channel', error));

const page = (body) => `<!doctype html><html lang="en"><title>Example Federation</title><h1>Example Federation</h1>${body}</html>`;
const form = page('<form method="post"><label>Name <input name="name"></label><button>Sign in</button></form>');

async function answer(request, response) {
  if (!request.url.startsWith('/interaction/')) return provider.callback()(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html');
    return response.end(form);
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const accountId = new URLSearchParams(body).get('name');
  const login = { accountId, acr: 'urn:example:two', amr: ['mfa'] };
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
}).listen(Number(port), '127.0.0.1', () => ready(JSON.stringify({ ready: true, issuer })));
process.stdin.on('end', () => process.exit(0)).resume();
