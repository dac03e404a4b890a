/**
 * A real, certified OpenID Connect provider (npm's oidc-provider) on a port of its own, for one scenario. Its sign-in page, which is ours, asks for
 * a name, which becomes the subject; it asks for no consent.
 */
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { Provider } from 'oidc-provider';

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const socket = createSocket();
    socket.once('error', reject);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

const head = '<!doctype html><html lang="en"><title>Hospital</title><link rel="icon" href="data:,">';
const page = `${head}
<form method="post"><label>Name <input name="login" autocomplete="username"></label><button>Sign in</button></form></html>`;

const bodyOf = async request => {
  let body = '';
  for await (const part of request) {
    body += part;
  }
  return new URLSearchParams(body);
};

/** Starts the provider. `back` is the redirect address of its one client, which must prove itself with a secret and PKCE. */
export async function startProvider(back) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client = { client_id: 'colloque', client_secret: 'a-secret-that-only-two-know-0123456789' };
  const minute = 60;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...client,
        redirect_uris: [back],
        post_logout_redirect_uris: [new URL('/', back).href],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false, // the address in the ID token, as many providers do it
    cookies: { keys: ['only for this test'] },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        // Its own page fetches a font from elsewhere.
        logoutSource: (context, form) => {
          context.body = `${head}${form}<button form="op.logoutForm" type="submit" name="logout" value="yes">Yes, sign out</button></html>`;
        },
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { Interaction: minute, Session: minute, Grant: minute, AccessToken: minute, IdToken: minute },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: id !== 'unverified' }),
    }),
    // Everybody has agreed to everything.
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  const rest = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      rest(request, response);
    } else if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html').end(page);
    } else {
      const accountId = (await bodyOf(request)).get('login');
      await provider.interactionFinished(request, response, { login: { accountId } });
    }
  });
  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    issuer,
    ...client,
    close: () =>
      new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Signs in on the provider's page. */
export async function signInThere(tab, login) {
  await tab.fill('Name', login);
  await tab.press('Sign in');
}
