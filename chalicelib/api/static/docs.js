"use strict";

// "Try it out" asks the address that this page was opened by: the page may connect to no other.
const here = new URL(".", location.href).href.replace(/\/$/, "");

fetch("openapi.json")
  .then((response) => response.json())
  .then((document) =>
    SwaggerUIBundle({
      dom_id: "#docs",
      spec: { ...document, servers: [{ url: here }] },
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      validatorUrl: null, // the default shows every document to a server of others
    }),
  )
  .catch((error) => {
    const place = document.getElementById("docs");
    place.textContent = `openapi.json cannot be shown: ${error.message}. Load this page again.`;
  });
