// What is filmed or pasted into the frame for pictures, and what to do where nothing comes of it:
// of that, Gradio's own camera and clipboard say nothing.
const words = () => element.querySelector("p");
const picture = (selector) => document.querySelector(`#picture ${selector}`);
const keys = navigator.platform.startsWith("Mac") ? "⌘V" : "Ctrl+V";

const CAMERA = {
  NotAllowedError: "The browser has blocked the camera on this page. Allow it with the icon beside the address and start again, or upload a photo.",
  NotFoundError: "No camera was found. Connect one and start again, or upload a photo.",
  NotReadableError: "Another program is using the camera. Close that program and start again, or upload a photo.",
};
CAMERA.OverconstrainedError = CAMERA.NotFoundError;
CAMERA.AbortError = CAMERA.NotReadableError;

function cameraWords(error, framed) {
  if (framed)
    return 'The page around this one does not let it use the camera; whoever made it can add allow="camera" to its iframe. Until then, ';
  if (!window.isSecureContext)
    return "Browsers do not let a page use the camera if it comes over http from another machine. Open it over https or on the machine that runs it, or upload a photo.";
  if (/system/i.test(error.message))
    return "This computer's privacy settings do not let the browser use the camera. Allow it there and start again, or upload a photo.";
  return CAMERA[error.name] ?? `The camera did not start (${error.message}). Start it again, or upload a photo.`;
}

// Say in a paragraph why the camera did not start, and what can be done about it here.
window.sayNoCamera = (place, error) => {
  const allowed = document.featurePolicy?.allowsFeature("camera") ?? error.name !== "NotAllowedError";
  const framed = window !== window.top && !allowed;
  place.textContent = cameraWords(error, framed);
  if (!framed) return;
  const link = Object.assign(document.createElement("a"), { href: location.href, target: "_blank" });
  link.textContent = "open it in a tab of its own";
  place.append(link, ".");
};

// "Upload" opens the file dialogue at once, and what is there stays until something is chosen:
// Gradio's own button would only clear the frame.
document.addEventListener(
  "click",
  (event) => {
    const upload = event.isTrusted && event.target.closest('#picture [aria-label="Upload file"]');
    if (!upload) return;
    if (upload.classList.contains("selected")) event.stopImmediatePropagation();
    words().textContent = "";
    setTimeout(() => picture("input[type=file]")?.click()); // once it takes the camera's place
  },
  true,
);

let filming = false; // whether what was pressed last in the frame was its camera
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("#picture button, #examples button, .segments [role=tab]");
  if (!pressed) return;
  words().textContent = "";
  if (!pressed.ariaLabel) return;
  filming = pressed.ariaLabel === "Capture from camera";
  // Gradio's camera waits for a second press, of a button that has no label.
  if (filming) setTimeout(() => picture('[title="grant webcam access"] button')?.click());
});
window.addEventListener("unhandledrejection", (event) => {
  if (!filming || !(event.reason instanceof DOMException || !navigator.mediaDevices)) return;
  sayNoCamera(words(), event.reason);
  event.preventDefault();
});

// What cannot be read at all is refused before it is sent, and what is there stays: Gradio would
// empty the frame beside an answer that is no longer its picture's.
const MOST = 40e6; // bytes
function refusal(file) {
  if (file?.size > MOST) return `${file.name} is larger than 40 MB. Make it smaller and try again.`;
  if (file?.type && !file.type.startsWith("image/"))
    return `${file.name} is not a picture. Choose a JPEG, PNG, WebP or HEIC file.`;
  return "";
}
for (const kind of ["change", "drop"])
  addEventListener(
    kind,
    (event) => {
      if (!event.target.closest?.("#picture")) return;
      const said = refusal((event.dataTransfer ?? event.target).files?.[0]);
      words().textContent = said;
      if (!said) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (kind === "change") event.target.value = ""; // so that the same file can be chosen again
    },
    true,
  );

// A picture that is pasted goes the way of one that is chosen as a file.
function put(file) {
  document.querySelector('.segments [data-tab-id="picture"]:not(.selected)')?.click();
  picture('[aria-label="Capture from camera"].selected') && picture('[aria-label="Upload file"]').click();
  const files = new DataTransfer();
  files.items.add(file);
  const input = picture("input[type=file]");
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function paste(file, types) {
  words().textContent = "";
  if (file) put(file);
  else if (types.some((type) => type.startsWith("text/")))
    words().textContent = "The clipboard holds text, not a picture. Copy the picture itself and paste again.";
  else words().textContent = "There is no picture in the clipboard. Copy one and paste again.";
}

document.addEventListener("paste", (event) => {
  if (!element.closest("[role=tabpanel]").getClientRects().length) return; // another tab is open
  const isPicture = (file) => file.type.startsWith("image/");
  paste([...event.clipboardData.files].find(isPicture), [...event.clipboardData.types]);
});

async function pasteAtPress() {
  try {
    const items = await navigator.clipboard.read();
    const isPicture = (type) => type.startsWith("image/");
    const item = items.find(({ types }) => types.some(isPicture));
    const blob = await item?.getType(item.types.find(isPicture));
    paste(blob && new File([blob], "pasted", { type: blob.type }), items.flatMap(({ types }) => types));
  } catch {
    words().textContent = matchMedia("(hover: none)").matches
      ? "The browser does not let this page read the clipboard. Save the picture and upload it."
      : `The browser does not let this page read the clipboard at the press of a button. Press ${keys} instead.`;
  }
}
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest('#picture [aria-label="Paste from clipboard"]')) return;
    event.stopImmediatePropagation(); // Gradio's own would say nothing of text
    pasteAtPress();
  },
  true,
);
