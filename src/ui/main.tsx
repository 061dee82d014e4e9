import "./style.css";
import { createRoot } from "react-dom/client";
import { rootPath } from "./api.ts";
import { App } from "./app.tsx";
import { loadPageAt } from "./pages.tsx";
import { startTheme } from "./theme.ts";

startTheme();
loadPageAt(location.pathname.slice(`${rootPath}/ui`.length) || "/");
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
