const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Members of elements, documents and texts that Adobe documents (uxp-api/reference-js/global-members/html-dom). */
export const DOCUMENTED_NODE_MEMBERS = words(
  `constructor nodeName localName tagName nodeType namespaceURI id tabIndex className classList attributes style
  clientLeft clientTop clientWidth clientHeight offsetParent offsetLeft offsetTop offsetWidth offsetHeight scrollLeft
  scrollTop scrollWidth scrollHeight autofocus uxpContainer shadowRoot disabled innerHTML outerHTML slot assignedSlot
  contentEditable isConnected parentNode parentElement firstChild lastChild previousSibling nextSibling
  firstElementChild lastElementChild previousElementSibling nextElementSibling textContent childNodes children
  ownerDocument append prepend replaceChildren scrollTo scrollIntoView scrollIntoViewIfNeeded attachShadow focus blur
  getAttribute setAttribute removeAttribute hasAttribute hasAttributes getAttributeNames getAttributeNode
  setAttributeNode removeAttributeNode click getElementsByClassName getElementsByTagName querySelector
  querySelectorAll setPointerCapture releasePointerCapture hasPointerCapture getBoundingClientRect closest matches
  insertAdjacentHTML insertAdjacentElement insertAdjacentText hasChildNodes cloneNode appendChild insertBefore
  replaceChild removeChild remove before after replaceWith contains getRootNode addEventListener
  removeEventListener dispatchEvent dataset innerText lang dir hidden src onLine activeElement documentElement head
  body clipboard styleSheets createElement createElementNS createEvent createAttribute createTextNode createComment
  createDocumentFragment createTreeWalker adoptNode importNode getElementById nodeValue data length value type name
  checked placeholder options selectedIndex onload onerror`,
);

/** Not documented, and asked for by React, which plugins in the field run on (hyperbrew/bolt-uxp). */
export const SEEN_NODE_MEMBERS = words('defaultView nodeValue setAttributeNS isContentEditable');

/** Elements that take the keyboard by nature; others need a positive tabindex (pseudo-classes/focus.md). */
export const TAKES_FOCUS =
  /^(sp-(button|action-button|picker|slider|textfield|textarea|checkbox|radio)|input|textarea|button|select)$/i;
