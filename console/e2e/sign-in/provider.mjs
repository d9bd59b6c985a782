// A certified OpenID provider (panva/node-oidc-provider) with one client, the console; anybody logs in by any password. It says its
// address in one line of JSON, and lives until its input ends.
//
//   node provider.mjs CONSOLE SECRET      the console's address, and the client's secret
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [ofConsole, secret] = process.argv.slice(2);
if (!secret) throw new Error('node provider.mjs CONSOLE SECRET');

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const services = 'https://interlock.example.com/services';
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k1' }] },
  cookies: { keys: ['only of this test'] },
  clients: [
    {
      client_id: 'interlock-console',
      client_secret: secret,
      redirect_uris: [`${ofConsole}/session/callback`],
      post_logout_redirect_uris: [`${ofConsole}/`],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  pkce: { required: () => true },
  // what the services want: a JWT for their audience, with the roles
  extraTokenClaims: () => ({ roles: ['viewer', 'operator'] }),
  features: {
    resourceIndicators: {
      enabled: true,
      defaultResource: () => services,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: '', audience: 'interlock', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
provider.on('server_error', (context, error) => console.error(error));
server.on('request', provider.callback());
console.log(JSON.stringify({ issuer }));
process.stdin.resume().on('end', () => process.exit());
