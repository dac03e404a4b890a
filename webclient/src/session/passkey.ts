// Passkeys between the server's JSON (WebAuthn §5.1.8, §5.1.9, §5.10) and the browser. Written out because browsers that are three
// years old know passkeys and not yet the functions that convert them.

/** Whether this browser can use passkeys at all. */
export function passkeysKnown(): boolean {
  return typeof PublicKeyCredential === 'function' && isSecureContext;
}

/** Asks the person to make a passkey. Rejects when they do not, or when this device has one already. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const given = options as Json;
  const made = await navigator.credentials.create({
    publicKey: {
      ...given,
      challenge: bytes(given.challenge),
      user: { ...(given.user as Json), id: bytes((given.user as Json).id) },
      excludeCredentials: descriptors(given.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  });
  const credential = expected(made);
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Asks the person to show a passkey. Rejects when they do not. */
export async function showPasskey(options: unknown): Promise<unknown> {
  const given = options as Json;
  const shown = await navigator.credentials.get({
    publicKey: {
      ...given,
      challenge: bytes(given.challenge),
      allowCredentials: descriptors(given.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  });
  const credential = expected(shown);
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle === null ? {} : { userHandle: text(response.userHandle) }),
    },
  };
}

type Json = Record<string, unknown>;

function expected(credential: Credential | null): PublicKeyCredential {
  if (!(credential instanceof PublicKeyCredential)) {
    throw new Error('no passkey was given');
  }
  return credential;
}

function common(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

function descriptors(given: unknown): Json[] {
  return Array.isArray(given) ? given.map((one: Json) => ({ ...one, id: bytes(one.id) })) : [];
}

/** base64url without padding, RFC 4648 §5. */
function text(raw: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(raw)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function bytes(given: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(given).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, letter => letter.charCodeAt(0));
}
