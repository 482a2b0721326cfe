// Hands the question of a form to the browser's keys, and their answer back to the form, which is then sent as any other.
// One concern, no request of its own. A form with data-renew is asked again before its question gets too old.

const ASK_AGAIN_MS = 4 * 60 * 1000;

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The question as the browser takes it: what travels as text becomes bytes again. */
function question(written) {
  const asked = JSON.parse(written).publicKey;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: asked };
}

/** The answer as it travels. */
function written(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: {},
  });
}

const SAID = {
  NotAllowedError: "No key answered. Touch the key when it blinks, and give its PIN when you are asked.",
  InvalidStateError: "This key is enrolled already. Use another one.",
  SecurityError: "This address cannot be used with keys. Open the page under its host name.",
  NotSupportedError: "This key cannot do what is needed here.",
  ConstraintError: "This key cannot check who you are. Set a PIN on it first, or use another one.",
};

async function ask(form) {
  const creates = form.dataset.passkey === "create";
  const asked = question(form.dataset.options);
  return written(await (creates ? navigator.credentials.create(asked) : navigator.credentials.get(asked)));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[data-passkey-said]");
  const say = (words) => {
    said.textContent = words;
    said.hidden = words === "";
  };
  if (!window.PublicKeyCredential) say("This browser cannot use keys here. Use a current browser, over https.");
  if ("renew" in form.dataset) setTimeout(() => location.reload(), ASK_AGAIN_MS);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    form.setAttribute("aria-busy", "true");
    try {
      form.elements.answer.value = await ask(form);
      form.submit();
    } catch (error) {
      say(SAID[error.name] ?? `The browser gave no answer (${error.name}). Try again.`);
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
}
