// The content policy lets only this policy turn answers into markup. The answers are our own pages, escaped where they
// are made. There is no createScript: nothing of htmx may be evaluated.
if (window.trustedTypes) {
  const policy = window.trustedTypes.createPolicy("htmx", { createHTML: (html) => html });
  htmx.registerExtension("trusted-types", { init: (api) => api.initSecurity(policy) });
}
