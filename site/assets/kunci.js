// A passkey beside the link (Web Authentication): asks for a challenge when its button is pressed, lets the device sign
// it, and sends the form with what came back, field by field. Never ``credential.toJSON()``: it would send whatever a
// browser puts there. Without this file, or where no passkey can hold, the form stays hidden and codes remain.
(() => {
  "use strict";
  const able = window.PublicKeyCredential && window.AuthenticatorAttestationResponse?.prototype.getPublicKey;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const listed = (asked) => asked.credentials.map((id) => ({ type: "public-key", id: bytes(id) }));
  const shared = (asked) => ({ challenge: bytes(asked.challenge), timeout: 300000 });

  async function sign(asked) {
    const publicKey = { ...shared(asked), rpId: asked.host, allowCredentials: listed(asked), userVerification: "required" };
    const { rawId, response } = await navigator.credentials.get({ publicKey });
    return {
      credential: text(rawId),
      authenticator_data: text(response.authenticatorData),
      client_data: text(response.clientDataJSON),
      signature: text(response.signature),
    };
  }

  async function make(asked) {
    const publicKey = {
      ...shared(asked),
      rp: { id: asked.host, name: "Lapor Anonim" },
      user: { id: bytes(asked.user), name: asked.name, displayName: asked.name },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: listed(asked),
      authenticatorSelection: { residentKey: "discouraged", userVerification: "required" },
      attestation: "none",
    };
    const { response } = await navigator.credentials.create({ publicKey });
    return {
      public: text(response.getPublicKey()),
      authenticator_data: text(response.getAuthenticatorData()),
      client_data: text(response.clientDataJSON),
    };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!able || location.hostname !== form.dataset.host) continue;
    const failed = form.querySelector("[data-failed]");
    const button = form.querySelector("button");
    form.hidden = false;
    for (const other of document.querySelectorAll("[data-without]")) other.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      button.disabled = true;
      try {
        const headers = { Accept: "application/json", "X-CSRF-Token": form.csrf_token.value };
        const answer = await fetch(form.dataset.challenge, { method: "POST", headers });
        if (!answer.ok) throw new Error(answer.status);
        const fields = await (form.dataset.passkey === "make" ? make : sign)(await answer.json());
        for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
        form.submit();
      } catch {
        failed.hidden = false;
        failed.focus();
        button.disabled = false;
      }
    });
  }
})();
