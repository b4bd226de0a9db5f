#version 330
in vec3 point;
in vec3 facing;
in vec2 on_skin;
in vec3 rest;
in vec4 painted;
flat in float part;
in vec3 uneven;     // noise from fine to wide, -1 to 1
layout(location = 0) out vec4 shaded;
layout(location = 1) out vec4 numbered;

uniform sampler2D marks;          // nails, lips, eyelids
uniform sampler2D shadow_first;
uniform sampler2D shadow_second;
uniform mat4 to_shadow[2];
uniform float shadow_soft[2];
uniform vec3 light_direction[3];
uniform vec3 light_colour[3];
uniform vec3 sky;
uniform vec3 ground;
uniform vec3 eye;
uniform vec3 back;
uniform vec3 palm;
uniform vec3 nail;
uniform vec3 lips;
uniform vec3 iris;
uniform vec3 hair;
uniform float flush_;
uniform float shine;
uniform float rough;
uniform float mottle;
uniform int layer;                // 0 skin, 1 a shell, 2 hair
uniform float lowest;
uniform float highest;
uniform int finger;
uniform float stripes;
uniform vec3 colour;
uniform vec3 other;

float random(vec2 cell) { return fract(sin(dot(cell, vec2(12.99, 78.23))) * 43758.55); }

float lit(sampler2D depths, mat4 matrix, float soft, vec3 normal) {
    vec4 at = matrix * vec4(point + normal * 0.0015, 1.0);
    vec3 place = 0.5 * at.xyz + 0.5;
    float seen = 0.0;
    float spin = 6.28 * random(gl_FragCoord.xy);
    for (int i = 0; i < 6; i++) {
        float angle = spin + 2.4 * float(i);
        float radius = sqrt((float(i) + 0.5) / 6.0) * soft;
        vec2 near = place.xy + radius * vec2(cos(angle), sin(angle));
        seen += texture(depths, near).r + 0.004 > place.z ? 1.0 : 0.0;
    }
    return seen / 6.0;
}

float line(float value, float width) { return exp(-value * value / (width * width)); }

void main() {
    bool is_eye = part == 11.0;
    bool is_finger = part >= 1.0 && part <= 5.0;
    float along = painted.z, reach = painted.w;
    if (layer == 1) {
        if (finger > 0) {
            if (abs(part - float(finger)) > 0.1 || along < lowest || along > highest) discard;
        } else if (reach < lowest || reach > highest || is_eye) discard;
    }
    if (layer == 2 && reach < max(2.04, lowest + 0.1 * uneven.y)) discard;

    vec3 normal = normalize(facing);
    vec3 view = normalize(eye - point);
    bool inside = !gl_FrontFacing;
    if (inside) normal = -normal;

    vec3 albedo, wrap = vec3(0.0);
    float mirror = 0.0, spread = rough;
    if (layer == 0) {
        float palmar = painted.x;
        float mid = uneven.x, wide = uneven.z;
        albedo = mix(back, palm, palmar);
        float joint = is_finger ? max(line(along - 1.0, 0.16), line(along - 2.0, 0.14)) : 0.0;
        float knuckle = is_finger ? line(along, 0.2) : 0.0;
        float tip = is_finger ? smoothstep(2.3, 3.0, along) : 0.0;
        float red = flush_ * (max(joint, knuckle) * (1.0 - palmar) * 0.6 + tip * 0.6
                              + palmar * (0.25 + 0.4 * wide));
        albedo *= mix(vec3(1.0), vec3(1.0, 0.82, 0.79), clamp(red, 0.0, 1.0));
        albedo *= 1.0 - 0.18 * joint * (1.0 - palmar);
        if (is_finger) {
            float fold = max(max(line(along - 0.12, 0.035), line(along - 1.0, 0.035)),
                             line(along - 2.0, 0.03)) * palmar;
            float wrinkle = joint * (1.0 - palmar) * (0.5 + 0.5 * sin(along * 70.0 + 2.0 * mid));
            albedo *= 1.0 - 0.4 * fold - 0.22 * wrinkle * (0.5 + mottle);
        }
        if (part == 6.0 && palmar > 0.2) {
            float bent = painted.z;  // across the palm, see paint()
            float lines = max(line(reach + 0.062 + 0.25 * bent * bent * 10.0, 0.0016),
                              line(reach + 0.048 + 0.3 * bent, 0.0016));
            albedo *= 1.0 - 0.25 * lines * palmar;
        }
        albedo *= 1.0 + mottle * (0.08 * mid + 0.08 * wide);
        vec3 mark = texture(marks, on_skin).rgb;
        albedo = mix(albedo, lips, 0.8 * mark.g * float(part == 8.0));
        if (part == 8.0) albedo = mix(albedo, hair, 0.75 * clamp(along, 0.0, 1.0));
        float nailed = is_finger || part == 10.0 ? smoothstep(0.2, 0.6, mark.r) : 0.0;
        albedo = mix(albedo, nail, nailed);
        normal = normalize(normal + 0.05 * mottle * (1.0 - nailed) * uneven);
        wrap = vec3(0.30, 0.13, 0.09) * (1.0 - nailed);
        mirror = 0.6 * shine * (1.0 - 0.5 * palmar) + nailed * 0.8;
        spread = mix(rough, 0.2, nailed);
        if (is_eye) {
            albedo = along > 0.80 ? (along > 0.94 ? vec3(0.005) : iris) : vec3(0.72, 0.68, 0.66);
            mirror = 1.5;
            spread = 0.15;
        }
        if (inside) albedo *= 0.4;
    } else if (layer == 1) {
        float weave = 0.5 + 0.5 * sin(stripes * 6.283 * (reach > 0.9 ? rest.z : reach));
        albedo = stripes > 0.0 ? mix(colour, other, step(0.5, weave))
                               : mix(colour, other, 0.5 + 0.5 * uneven.z);
        float crumple = shine > 0.5 ? 0.0 : 1.0;
        normal = normalize(normal + crumple * (reach > 0.9 ? 0.18 : 0.35) * vec3(uneven.z, uneven.y, 0.0));
        albedo *= 1.0 + crumple * 0.08 * uneven.x;
        mirror = 3.0 * shine;
        spread = 0.3;
        if (inside) albedo *= 0.12;
    } else {
        albedo = hair * (1.0 + 0.4 * uneven.x);
        mirror = 0.3;
        spread = 0.4;
    }

    float up = 0.5 + 0.5 * normal.y;
    vec3 light = mix(ground, sky, up);
    float shadows[3];
    shadows[0] = lit(shadow_first, to_shadow[0], shadow_soft[0], normal);
    float open = lit(shadow_second, to_shadow[1], shadow_soft[1], normal);
    shadows[1] = shadows[2] = mix(1.0, open, 0.6);
    light *= 0.4 + 0.6 * open;  // hollows between the fingers see less of the sky
    vec3 glance = vec3(0.0);
    for (int i = 0; i < 3; i++) {
        float incidence = dot(normal, light_direction[i]);
        vec3 soft = max(vec3(0.0), (incidence + wrap) / (1.0 + wrap));
        vec3 blood = mix(vec3(shadows[i]), sqrt(vec3(shadows[i])), vec3(0.5, 0.1, 0.05));
        light += light_colour[i] * soft * (layer == 0 ? blood : vec3(shadows[i]));
        vec3 half_way = normalize(light_direction[i] + view);
        float a2 = spread * spread * spread * spread;
        float h = max(0.0, dot(normal, half_way));
        float d = h * h * (a2 - 1.0) + 1.0;
        float fresnel = 0.04 + 0.96 * pow(1.0 - max(0.0, dot(view, half_way)), 5.0);
        glance += light_colour[i] * shadows[i] * max(0.0, incidence)
                  * fresnel * a2 / (12.57 * d * d) * 3.14;
    }
    float edge = pow(1.0 - max(0.0, dot(normal, view)), 4.0);
    vec3 result = albedo * light + mirror * glance + mirror * 0.10 * edge * sky;
    shaded = vec4(result / 4.0, 1.0);
    numbered = vec4((layer == 0 ? part : 20.0 + float(layer)) / 255.0, 0.0, 0.0, 1.0);
}
